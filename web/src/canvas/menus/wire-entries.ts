/** What the menu of a wire offers. */

import { GitCommitHorizontal, LocateFixed, Plus, Unlink } from "lucide-react";
import { nodeId, type Point, type RecordId } from "@/document/records";
import { nearestOn, pointAt } from "@/geometry/bezier";
import { text } from "@/i18n/language";
import type { MenuEntry } from "@/ui/menu";
import { centreOn } from "../camera";
import { cutWire, rerouteWire } from "../editing";
import { openInsertion } from "../node-search";
import type { Scene } from "../scene";

/** Return the place on a wire that is nearest to a point: which curve of it, and where. */
function placeOn(
  scene: Scene,
  id: RecordId,
  point: Point,
): { readonly curve: number; readonly at: Point } | undefined {
  let best = Infinity;
  let found: { curve: number; at: Point } | undefined;
  for (const [curve, bezier] of (scene.wires.get(id)?.curves ?? []).entries()) {
    const at = pointAt(bezier, nearestOn(bezier, point));
    const distance = Math.hypot(at[0] - point[0], at[1] - point[1]);
    if (distance < best) [best, found] = [distance, { curve, at }];
  }
  return found;
}

/** Return the entries of a wire that was pressed at a point. */
export function wireEntries(scene: Scene, id: RecordId, point: Point): MenuEntry[] {
  const wire = scene.wires.get(id);
  const place = placeOn(scene, id, point);
  if (!wire || !place) return [];
  const { record } = wire;
  return [
    { label: text("canvas.insertNode"), icon: Plus, onSelect: () => openInsertion(scene, id, place.at) },
    {
      label: text("canvas.addReroute"),
      icon: GitCommitHorizontal,
      onSelect: () => rerouteWire(scene, id, place.at, place.curve),
    },
    "separator",
    {
      label: text("canvas.goToSource"),
      icon: LocateFixed,
      onSelect: () => centreOn(nodeId(scene.scope, record.origin)),
    },
    {
      label: text("canvas.goToTarget"),
      icon: LocateFixed,
      onSelect: () => centreOn(nodeId(scene.scope, record.target)),
    },
    "separator",
    { label: text("canvas.removeWire"), icon: Unlink, danger: true, onSelect: () => cutWire(scene, id) },
  ];
}
