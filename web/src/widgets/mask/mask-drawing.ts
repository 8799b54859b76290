/** Drawing of the picture, its mask and what is being done, into the window of the mask painter. */

import type { MaskedPicture } from "./mask-file";
import type { MaskView, Spot } from "./mask-view";

/** What is drawn over the picture. */
export interface Overlay {
  /** Where the brush is, in picture pixels; null where it is not over the picture. */
  readonly cursor: Spot | null;
  /** Diameter of the brush in picture pixels. */
  readonly size: number;
  /** Corners of the shape that is being drawn. */
  readonly shape: readonly Spot[];
}

/** Share to which the mask covers the picture on the screen. */
const COVER = 0.62;

/** Draw all of it; the canvas has `ratio` device pixels for each CSS pixel. */
export function drawMasked(
  canvas: HTMLCanvasElement,
  { picture, mask }: MaskedPicture,
  view: MaskView,
  overlay: Overlay,
  ratio: number,
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(view.scale * ratio, 0, 0, view.scale * ratio, view.x * ratio, view.y * ratio);
  context.imageSmoothingEnabled = view.scale < 3;
  context.drawImage(picture, 0, 0);
  context.globalAlpha = COVER;
  context.drawImage(mask.canvas, 0, 0);
  context.globalAlpha = 1;
  drawOutlines(context, overlay, view.scale);
}

/** Lines are drawn twice, dark under light, so that they are seen on every picture. */
function drawOutlines(
  context: CanvasRenderingContext2D,
  { cursor, size, shape }: Overlay,
  scale: number,
): void {
  for (const [color, width] of [
    ["#000c", 3],
    ["#fff", 1.25],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width / scale;
    if (shape.length > 1) {
      context.beginPath();
      for (const { x, y } of shape) context.lineTo(x, y);
      context.closePath();
      context.stroke();
    }
    if (!cursor) continue;
    context.beginPath();
    context.arc(cursor.x, cursor.y, Math.max(size / 2, 1 / scale), 0, 2 * Math.PI);
    context.stroke();
  }
}
