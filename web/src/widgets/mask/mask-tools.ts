/** The tools of the mask painter, and how they are set. */

import { Brush as BrushIcon, Eraser, Hand, Lasso, type LucideIcon, Square } from "lucide-react";
import { create } from "zustand";
import type { TextKey } from "@/i18n/language";
import type { Brush } from "./brush";

/** What a stroke does; `hand` moves the picture. */
export type Tool = "brush" | "eraser" | "rectangle" | "lasso" | "hand";

interface ToolEntry {
  readonly tool: Tool;
  readonly icon: LucideIcon;
  readonly label: TextKey;
  readonly key: string;
}

/** The tools in the order of the bar, with the keys that take them up. */
export const TOOLS: readonly ToolEntry[] = [
  { tool: "brush", icon: BrushIcon, label: "widgets.maskBrush", key: "b" },
  { tool: "eraser", icon: Eraser, label: "widgets.maskEraser", key: "e" },
  { tool: "rectangle", icon: Square, label: "widgets.maskRectangle", key: "r" },
  { tool: "lasso", icon: Lasso, label: "widgets.maskLasso", key: "l" },
  { tool: "hand", icon: Hand, label: "widgets.maskHand", key: "h" },
];

interface ToolState extends Brush {
  readonly tool: Tool;
  /** The widest that the brush can be made, in pixels of the picture. */
  readonly widest: number;
}

/** The tool that is held, and the brush: the same for one picture after another, as far as it suits them. */
export const useTools = create<ToolState>(() => ({
  tool: "brush",
  size: 48,
  hardness: 0.8,
  opacity: 1,
  widest: 500,
}));

/** Let the brush suit a picture: half of its longer side at most, and a tenth where it was out of proportion. */
export function suitBrush(width: number, height: number): void {
  const longer = Math.max(width, height);
  const widest = Math.max(8, Math.round(longer / 2));
  const { size } = useTools.getState();
  const odd = size > longer / 4 || size < longer / 100;
  useTools.setState({ widest, ...(odd && { size: Math.max(1, Math.round(longer / 10)) }) });
}

/** Make the brush wider or narrower by a share of its size, by at least one pixel. */
export function resizeBrush(share: number): void {
  const { size, widest } = useTools.getState();
  const next = size + Math.sign(share) * Math.max(1, Math.abs(size * share));
  useTools.setState({ size: Math.round(Math.min(widest, Math.max(1, next))) });
}
