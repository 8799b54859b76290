/** Draws wires that end in the air: dashed, with an open ring at their end. */

import { socketColor } from "@/catalogue/socket-types";
import type { RecordId } from "@/document/records";
import { wireThrough } from "@/geometry/bezier";
import { looseWires } from "../loose-ends";
import type { Scene, Shift } from "../scene";
import { resolveColor } from "../theme-colors";
import type { Brush } from "./brush";

/** Draw the wires that end in the air; `only` says which of the things that they are at count. */
export function paintLooseWires(
  { ctx, theme, view }: Brush,
  scene: Scene,
  { shift, only }: { shift?: Shift; only?: (through: readonly RecordId[]) => boolean } = {},
): void {
  for (const { socket, at, points, through } of looseWires(scene, shift)) {
    if (only && !only(through)) continue;
    const color = resolveColor(socketColor(socket.type));
    ctx.beginPath();
    for (const [ax, ay, bx, by, cx, cy, dx, dy] of wireThrough(points)) {
      ctx.moveTo(ax, ay);
      ctx.bezierCurveTo(bx, by, cx, cy, dx, dy);
    }
    ctx.setLineDash([7, 5]);
    ctx.lineWidth = Math.max(2.2, 1 / view.zoom);
    ctx.strokeStyle = color;
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.arc(at[0], at[1], 5, 0, 7);
    ctx.fillStyle = theme.background;
    ctx.fill();
    ctx.stroke();
  }
}
