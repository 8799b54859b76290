/** What the menu for aligning offers. */

import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceBetween,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceBetween,
  type LucideIcon,
} from "lucide-react";
import type { RecordId } from "@/document/records";
import { type TextKey, text } from "@/i18n/language";
import type { MenuEntry } from "@/ui/menu";
import { type Alignment, align, distribute } from "../arranging";
import type { Scene } from "../scene";

const ALIGNMENTS: readonly (readonly [Alignment, TextKey, LucideIcon])[] = [
  ["left", "canvas.alignLeft", AlignStartVertical],
  ["centre", "canvas.alignCentre", AlignCenterVertical],
  ["right", "canvas.alignRight", AlignEndVertical],
  ["top", "canvas.alignTop", AlignStartHorizontal],
  ["middle", "canvas.alignMiddle", AlignCenterHorizontal],
  ["bottom", "canvas.alignBottom", AlignEndHorizontal],
];

/** Return the entries that align things with each other, or space them evenly. */
export function alignEntries(scene: Scene, ids: readonly RecordId[]): MenuEntry[] {
  const few = ids.length < 3;
  return [
    ...ALIGNMENTS.map(([how, label, icon]) => ({
      label: text(label),
      icon,
      onSelect: () => align(scene, ids, how),
    })),
    "separator",
    {
      label: text("canvas.distributeAcross"),
      icon: AlignHorizontalSpaceBetween,
      disabled: few,
      onSelect: () => distribute(scene, ids, "x"),
    },
    {
      label: text("canvas.distributeDown"),
      icon: AlignVerticalSpaceBetween,
      disabled: few,
      onSelect: () => distribute(scene, ids, "y"),
    },
  ];
}
