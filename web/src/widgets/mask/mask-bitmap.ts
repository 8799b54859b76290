/** The mask of a picture while it is painted: opaque where the picture is masked. */

import { type Brush, stamp, TINT, type Touch, touchesBetween } from "./brush";
import { around, cutTo, PaintHistory, type PixelRect } from "./mask-history";

/** Whether something is added to the mask or taken from it. */
export type PaintMode = "paint" | "erase";

interface Stroke {
  readonly brush: Brush;
  readonly mode: PaintMode;
  last: Touch;
  /** Pixels from the last point to the next touch. */
  left: number;
  dirty: PixelRect | undefined;
}

function blank(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser draws no pictures");
  return context;
}

/** A mask of the size of its picture. */
export class MaskBitmap {
  readonly width: number;
  readonly height: number;
  #mask: CanvasRenderingContext2D;
  /** What the mask was when the stroke began, and the stroke itself. */
  #before: CanvasRenderingContext2D;
  #touched: CanvasRenderingContext2D;
  #stroke: Stroke | undefined;
  #history = new PaintHistory();
  #watchers = new Set<() => void>();
  #turn = 0;

  /** @param alpha A picture that is transparent where the mask is; undefined for an empty mask. */
  constructor(width: number, height: number, alpha?: CanvasImageSource) {
    this.width = width;
    this.height = height;
    this.#mask = blank(width, height);
    this.#before = blank(width, height);
    this.#touched = blank(width, height);
    if (!alpha) return;
    this.#cover();
    this.#mask.globalCompositeOperation = "destination-out";
    this.#mask.drawImage(alpha, 0, 0, width, height);
    this.#mask.globalCompositeOperation = "source-over";
  }

  get canvas(): HTMLCanvasElement {
    return this.#mask.canvas;
  }

  /** Changes with every change of the mask. */
  get turn(): number {
    return this.#turn;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** Hear of every change; returns the function that ends this. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #tell(): void {
    this.#turn += 1;
    for (const watcher of this.#watchers) watcher();
  }

  #cover(): void {
    this.#mask.fillStyle = TINT;
    this.#mask.fillRect(0, 0, this.width, this.height);
  }

  /** Begin a stroke at a point. */
  begin(touch: Touch, brush: Brush, mode: PaintMode): void {
    this.end();
    this.#before.clearRect(0, 0, this.width, this.height);
    this.#before.drawImage(this.#mask.canvas, 0, 0);
    this.#touched.clearRect(0, 0, this.width, this.height);
    this.#stroke = { brush, mode, last: touch, left: 0, dirty: undefined };
    this.extend(touch);
  }

  /** Lead the stroke on to a point. */
  extend(touch: Touch): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    const { brush } = stroke;
    const { touches, left } = touchesBetween(stroke.last, touch, brush.size, stroke.left);
    stroke.last = touch;
    stroke.left = left;
    for (const one of touches) stamp(this.#touched, one, brush);
    const radius = brush.size / 2 + 1;
    for (const { x, y } of touches) {
      this.#merge({ x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius });
    }
    if (touches.length > 0) this.#tell();
  }

  /** Put the stroke over what the mask was before, within a rectangle. */
  #merge(rect: PixelRect): void {
    const stroke = this.#stroke;
    const part = cutTo(this.width, this.height, rect);
    if (!stroke || !part) return;
    stroke.dirty = around(stroke.dirty, part);
    const { x, y, width, height } = part;
    this.#mask.clearRect(x, y, width, height);
    this.#mask.drawImage(this.#before.canvas, x, y, width, height, x, y, width, height);
    this.#mask.globalAlpha = stroke.brush.opacity;
    this.#mask.globalCompositeOperation = stroke.mode === "paint" ? "source-over" : "destination-out";
    this.#mask.drawImage(this.#touched.canvas, x, y, width, height, x, y, width, height);
    this.#mask.globalAlpha = 1;
    this.#mask.globalCompositeOperation = "source-over";
  }

  /** End the stroke: it is one step. */
  end(): void {
    const stroke = this.#stroke;
    this.#stroke = undefined;
    if (stroke?.dirty) this.#remember(stroke.dirty);
  }

  /** Take back the stroke that is under way, as if it had never begun. */
  cancel(): void {
    const stroke = this.#stroke;
    this.#stroke = undefined;
    if (!stroke?.dirty) return;
    const { x, y, width, height } = stroke.dirty;
    this.#mask.putImageData(this.#before.getImageData(x, y, width, height), x, y);
    this.#tell();
  }

  /** Fill a shape given by its corners. */
  fillShape(
    corners: readonly { readonly x: number; readonly y: number }[],
    opacity: number,
    mode: PaintMode,
  ): void {
    this.#step(() => {
      this.#mask.globalAlpha = opacity;
      this.#mask.globalCompositeOperation = mode === "paint" ? "source-over" : "destination-out";
      this.#mask.fillStyle = TINT;
      this.#mask.beginPath();
      for (const { x, y } of corners) this.#mask.lineTo(x, y);
      this.#mask.fill();
      this.#mask.globalAlpha = 1;
      this.#mask.globalCompositeOperation = "source-over";
    });
  }

  /** Mask everything. */
  fill(): void {
    this.#step(() => this.#cover());
  }

  /** Mask nothing. */
  clear(): void {
    this.#step(() => this.#mask.clearRect(0, 0, this.width, this.height));
  }

  /** Mask what is not masked, and the other way round. */
  invert(): void {
    this.#step(() => {
      this.#mask.globalCompositeOperation = "xor";
      this.#cover();
      this.#mask.globalCompositeOperation = "source-over";
    });
  }

  #step(change: () => void): void {
    this.end();
    this.#before.clearRect(0, 0, this.width, this.height);
    this.#before.drawImage(this.#mask.canvas, 0, 0);
    change();
    this.#remember({ x: 0, y: 0, width: this.width, height: this.height });
  }

  #remember(rect: PixelRect): void {
    const { x, y, width, height } = rect;
    this.#history.add({
      rect,
      before: this.#before.getImageData(x, y, width, height),
      after: this.#mask.getImageData(x, y, width, height),
    });
    this.#tell();
  }

  undo(): void {
    this.end();
    const step = this.#history.undo();
    if (step) this.#mask.putImageData(step.before, step.rect.x, step.rect.y);
    this.#tell();
  }

  redo(): void {
    this.end();
    const step = this.#history.redo();
    if (step) this.#mask.putImageData(step.after, step.rect.x, step.rect.y);
    this.#tell();
  }

  /** Return a PNG that is transparent where the mask is: what the server takes. */
  toTransparency(): Promise<Blob> {
    this.end();
    const result = blank(this.width, this.height);
    result.fillRect(0, 0, this.width, this.height);
    result.globalCompositeOperation = "destination-out";
    result.drawImage(this.#mask.canvas, 0, 0);
    return new Promise((resolve, reject) => {
      result.canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("the mask is too large"))),
        "image/png",
      );
    });
  }
}
