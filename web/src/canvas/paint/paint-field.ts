/** Draws widgets that are not mounted: their names and values. */

import { widgetValue } from "@/document/values";
import { INSET, type WidgetPlace } from "@/geometry/node-box";
import { plainMarkdown } from "../plain-markdown";
import type { NodeItem } from "../scene";
import { shownValue } from "../shown-value";
import { type Brush, breakText, cutText, roundRect } from "./brush";

/** Room at the end of a row for what is in it besides the value. */
const TAILS: Readonly<Record<string, number>> = { choice: 20, color: 36 };
const SEEDS: ReadonlySet<string> = new Set(["seed", "noise_seed"]);

/** Draw one widget of a node. */
export function paintField(brush: Brush, item: NodeItem, place: WidgetPlace): void {
  const { ctx, theme } = brush;
  const x = item.box.x + INSET;
  const width = item.box.width - 2 * INSET;
  const isUpload = place.slot.kind === "upload";
  roundRect(ctx, x, place.y, width, isUpload ? 24 : place.height, 4);
  ctx.fillStyle = theme.field;
  ctx.fill();
  if (isUpload) return;
  const value = widgetValue(item.record.raw, place.slot);
  ctx.font = `12px ${theme.font}`;
  ctx.textAlign = "left";
  if (place.slot.kind === "multiline") {
    const text = typeof value === "string" ? value : "";
    paintText(brush, item.record.raw.type === "MarkdownNote" ? plainMarkdown(text) : text, x, width, place);
    return;
  }
  const row = place.y + Math.min(22, place.height) / 2 + 0.5;
  ctx.textBaseline = "middle";
  ctx.fillStyle = theme.muted;
  const label = cutText(ctx, place.label, width * 0.5);
  ctx.fillText(label, x + 6, row);
  if (place.linked) return;
  ctx.textAlign = "right";
  ctx.fillStyle = theme.text;
  const room = width - ctx.measureText(label).width - 30;
  const tail = SEEDS.has(place.slot.name) ? 58 : (TAILS[place.slot.kind] ?? 8);
  const shown = shownValue(place.slot, value);
  ctx.fillText(cutText(ctx, shown, room), x + width - tail, row);
  if (place.slot.kind !== "color" || !/^#[\da-f]{6}$/i.test(shown)) return;
  roundRect(ctx, x + width - 26, row - 6, 17, 11, 3);
  ctx.fillStyle = shown;
  ctx.fill();
}

function paintText({ ctx, theme }: Brush, text: string, x: number, width: number, place: WidgetPlace): void {
  const lineHeight = 17.4;
  const most = Math.floor((place.height - 8) / lineHeight);
  if (most < 1) return;
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = text === "" ? theme.muted : theme.text;
  const lines = breakText(ctx, text === "" ? place.label : text, width - 16, most);
  for (const [at, line] of lines.entries()) ctx.fillText(line, x + 8, place.y + 18 + at * lineHeight);
}
