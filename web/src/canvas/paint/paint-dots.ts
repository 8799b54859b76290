/** Draws the grid of dots behind everything. */

import type { Rect } from "@/geometry/rect";
import type { Brush } from "./brush";

/** Least distance between dots on the screen, in CSS pixels. */
const LEAST = 22;

/** Draw dots so far apart that they stay calm at every zoom. */
export function paintDots({ ctx, view, theme }: Brush, part: Rect): void {
  let step = 20;
  while (step * view.zoom < LEAST) step *= 2;
  const size = 1.4 / view.zoom;
  ctx.fillStyle = theme.dots;
  for (let y = Math.ceil(part.y / step) * step; y < part.y + part.height; y += step) {
    for (let x = Math.ceil(part.x / step) * step; x < part.x + part.width; x += step) {
      ctx.fillRect(x, y, size, size);
    }
  }
}
