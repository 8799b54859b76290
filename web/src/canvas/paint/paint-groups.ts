/** Draws groups, and the inputs and outputs of a subgraph. */

import { socketColor } from "@/catalogue/socket-types";
import type { Point, RecordId } from "@/document/records";
import { TITLE } from "@/geometry/node-box";
import { overlap, type Rect } from "@/geometry/rect";
import { mixed, readableOn } from "../node-colors";
import type { GroupItem, Scene, Shift } from "../scene";
import type { End } from "../subgraph-ends";
import { resolveColor } from "../theme-colors";
import { type Brush, cutText, roundRect } from "./brush";

/** Height of the title of a group in canvas pixels. */
export const GROUP_TITLE = 34;
const DEFAULT_COLOR = "#3f789e";

/** Return the colour of a group as it is drawn: that of the file, or the usual one. */
export function groupColor(item: GroupItem): string {
  const color = item.record.raw.color;
  return color && /^#[\da-f]{3,8}$/i.test(color) ? color : DEFAULT_COLOR;
}

/** Draw the groups that touch a part of the canvas. */
export function paintGroups(
  brush: Brush,
  scene: Scene,
  part: Rect,
  { shift, only }: { shift?: Shift; only?: (id: RecordId) => boolean } = {},
): void {
  const shown: { readonly item: GroupItem; readonly rect: Rect }[] = [];
  for (const item of scene.groups.values()) {
    if (only && !only(item.id)) continue;
    const moved: Point = shift?.(item.id) ?? [0, 0];
    const rect = { ...item.rect, x: item.rect.x + moved[0], y: item.rect.y + moved[1] };
    if (overlap(rect, part)) shown.push({ item, rect });
  }
  // Small ones over large ones: whatever their order in the file, a group in another one is seen.
  shown.sort((a, b) => b.rect.width * b.rect.height - a.rect.width * a.rect.height);
  for (const { item, rect } of shown) paintGroup(brush, item, rect);
  // Above all frames: a title far out lies over what is around the group, such as one that it lies in.
  for (const { item, rect } of shown) paintGroupTitle(brush, item, rect);
}

function paintGroup({ ctx, theme, view }: Brush, item: GroupItem, rect: Rect): void {
  const color = groupColor(item);
  ctx.fillStyle = mixed(theme.background, color, theme.dark ? 0.16 : 0.14);
  ctx.strokeStyle = mixed(theme.background, color, 0.55);
  ctx.lineWidth = Math.max(1, 0.8 / view.zoom);
  roundRect(ctx, rect.x, rect.y, rect.width, rect.height, 10);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = mixed(theme.background, color, theme.dark ? 0.38 : 0.3);
  roundRect(ctx, rect.x, rect.y, rect.width, Math.min(GROUP_TITLE, rect.height), [10, 10, 0, 0]);
  ctx.fill();
}

function paintGroupTitle({ ctx, theme, view }: Brush, item: GroupItem, rect: Rect): void {
  const color = groupColor(item);
  const title = item.record.raw.title ?? "";
  const size = Math.min(60, Math.max(15, 11 / view.zoom));
  if (title === "" || size * view.zoom < 5 || rect.width * view.zoom < 48) return;
  ctx.fillStyle = readableOn(mixed(theme.background, color, theme.dark ? 0.38 : 0.3));
  ctx.font = `600 ${size}px ${theme.font}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  const above = size > 20;
  if (above) ctx.fillStyle = theme.text;
  const y = above ? rect.y - size * 0.65 : rect.y + GROUP_TITLE / 2 + 1;
  ctx.fillText(cutText(ctx, title, rect.width - 20), rect.x + (above ? 2 : 10), y);
}

/** Draw what a subgraph gets in and gives out. */
export function paintEnd({ ctx, theme, view }: Brush, end: End, title: string): void {
  const { rect, sockets, empty } = end;
  ctx.fillStyle = theme.body;
  ctx.strokeStyle = theme.border;
  ctx.lineWidth = Math.max(1, 0.8 / view.zoom);
  roundRect(ctx, rect.x, rect.y, rect.width, rect.height, 8);
  ctx.fill();
  ctx.stroke();
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillStyle = theme.muted;
  ctx.font = `600 13px ${theme.font}`;
  ctx.fillText(cutText(ctx, title, rect.width - 20), rect.x + 12, rect.y + TITLE / 2 + 1);
  const outward = sockets[0]?.x !== rect.x && empty.x !== rect.x;
  ctx.font = `12px ${theme.font}`;
  ctx.textAlign = outward ? "right" : "left";
  for (const socket of sockets) {
    ctx.beginPath();
    ctx.arc(socket.x, socket.y, 5, 0, 7);
    ctx.fillStyle = resolveColor(socketColor(typeof socket.type === "string" ? socket.type : "*"));
    ctx.fill();
    ctx.fillStyle = theme.text;
    ctx.fillText(cutText(ctx, socket.name, rect.width - 28), socket.x + (outward ? -12 : 12), socket.y);
  }
  ctx.beginPath();
  ctx.arc(empty.x, empty.y, 5, 0, 7);
  ctx.strokeStyle = theme.muted;
  ctx.setLineDash([2, 2]);
  ctx.stroke();
  ctx.setLineDash([]);
}
