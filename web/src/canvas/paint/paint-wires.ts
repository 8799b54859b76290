/** Draws wires. */

import { socketColor } from "@/catalogue/socket-types";
import type { Point, RecordId } from "@/document/records";
import type { Curve, WireStyle } from "@/geometry/bezier";
import { wireThrough } from "@/geometry/bezier";
import { overlap, type Rect } from "@/geometry/rect";
import { mixed } from "../node-colors";
import type { Scene, Shift, WireItem } from "../scene";
import { resolveColor, type Theme } from "../theme-colors";
import type { Brush } from "./brush";

/** Thickness of a wire in canvas pixels. */
const THICKNESS = 2.5;
/** Least thickness of a wire in CSS pixels. */
const LEAST = 1.2;

/** Return the colour of a wire. */
function wireColor({ record }: WireItem): string {
  const type = typeof record.type === "string" ? record.type : "*";
  return resolveColor(socketColor(type));
}

/** Wires are a little less bright than sockets; on a light ground darker, to be seen. */
const calmColor = (theme: Theme, color: string, share: number): string =>
  theme.dark ? mixed(color, theme.background, share) : mixed(color, "#20242c", 0.3);

function follow(
  ctx: CanvasRenderingContext2D,
  [ax, ay, bx, by, cx, cy, dx, dy]: Curve,
  style: WireStyle,
): void {
  ctx.moveTo(ax, ay);
  if (style === "curved") {
    ctx.bezierCurveTo(bx, by, cx, cy, dx, dy);
    return;
  }
  if (style === "stepped") {
    const half = (ax + dx) / 2;
    ctx.lineTo(half, ay);
    ctx.lineTo(half, dy);
  } else {
    const stub = Math.min(14, Math.abs(dx - ax) / 4);
    ctx.lineTo(ax + stub, ay);
    ctx.lineTo(dx - stub, dy);
  }
  ctx.lineTo(dx, dy);
}

/** Draw all wires that touch a part of the canvas; `left` says which ones are left out. */
export function paintWires(
  brush: Brush,
  scene: Scene,
  part: Rect,
  style: WireStyle,
  left?: (wire: WireItem) => boolean,
): void {
  if (style === "hidden") return;
  const { view } = brush;
  const shown: WireItem[] = [];
  for (const wire of scene.wires.values()) {
    if (wire.curves.length > 0 && overlap(wire.bounds, part) && !left?.(wire)) shown.push(wire);
  }
  if (view.zoom >= 0.45 && shown.length <= 400) for (const wire of shown) paintClear(brush, wire, style);
  else paintMany(brush, shown, view.zoom < 0.12 && style === "curved" ? "straight" : style);
}

/** Draw one wire with a dark edge, so that it is seen which one lies above where two cross. */
function paintClear({ ctx, theme, view }: Brush, wire: WireItem, style: WireStyle): void {
  ctx.beginPath();
  for (const curve of wire.curves) follow(ctx, curve, style);
  const thickness = Math.max(THICKNESS, LEAST / view.zoom);
  ctx.lineWidth = thickness + 2.4;
  ctx.strokeStyle = theme.background;
  ctx.stroke();
  ctx.lineWidth = thickness;
  ctx.strokeStyle = calmColor(theme, wireColor(wire), 0.12);
  ctx.stroke();
}

/** Draw many wires at once, each colour with one stroke. */
function paintMany({ ctx, theme, view }: Brush, wires: readonly WireItem[], style: WireStyle): void {
  const byColor = new Map<string, WireItem[]>();
  for (const wire of wires) {
    const color = wireColor(wire);
    const same = byColor.get(color);
    if (same) same.push(wire);
    else byColor.set(color, [wire]);
  }
  ctx.lineWidth = Math.max(THICKNESS, LEAST / view.zoom);
  for (const [color, same] of byColor) {
    ctx.strokeStyle = calmColor(theme, color, 0.2);
    ctx.beginPath();
    for (const { curves } of same) for (const curve of curves) follow(ctx, curve, style);
    ctx.stroke();
  }
}

/** Draw some wires brightly, where they run when things are moved by `shift`. */
export function paintBrightWires(
  { ctx, theme, view }: Brush,
  scene: Scene,
  ids: Iterable<RecordId>,
  style: WireStyle,
  { shift, bright = true }: { shift?: Shift; bright?: boolean } = {},
): void {
  const drawn = style === "hidden" ? "curved" : style;
  for (const id of ids) {
    const wire = scene.wires.get(id);
    if (!wire) continue;
    const curves = shift ? wireThrough(scene.pointsOf(wire.record, shift)) : wire.curves;
    ctx.beginPath();
    for (const curve of curves) follow(ctx, curve, drawn);
    const thickness = Math.max(THICKNESS, LEAST / view.zoom);
    if (bright) {
      ctx.lineWidth = thickness + 3 / view.zoom;
      ctx.strokeStyle = theme.background;
      ctx.stroke();
    }
    ctx.lineWidth = bright ? thickness + 0.8 / view.zoom : thickness;
    ctx.strokeStyle = bright ? wireColor(wire) : calmColor(theme, wireColor(wire), 0.18);
    ctx.stroke();
  }
}

/** Draw the points that wires are led through. */
export function paintReroutes(
  { ctx, theme, view }: Brush,
  scene: Scene,
  part: Rect,
  { shift, only }: { shift?: Shift; only?: (id: RecordId) => boolean } = {},
): void {
  if (view.zoom < 0.15) return;
  for (const { id, at, type } of scene.reroutes.values()) {
    if (only && !only(id)) continue;
    const moved = shift?.(id);
    const [x, y]: Point = moved ? [at[0] + moved[0], at[1] + moved[1]] : at;
    if (!overlap({ x: x - 8, y: y - 8, width: 16, height: 16 }, part)) continue;
    ctx.beginPath();
    ctx.arc(x, y, 5, 0, 7);
    ctx.fillStyle = resolveColor(socketColor(typeof type === "string" ? type : "*"));
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.strokeStyle = theme.background;
    ctx.stroke();
  }
}
