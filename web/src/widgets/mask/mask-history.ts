/** What was painted, step by step, so that it can be taken back. */

/** A rectangle of whole pixels. */
export interface PixelRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The pixels of a rectangle before and after a step. */
export interface PaintStep {
  readonly rect: PixelRect;
  readonly before: ImageData;
  readonly after: ImageData;
}

/** Most memory that steps are kept in, in bytes. */
const MOST = 256 * 1024 * 1024;

const bytesOf = ({ before, after }: PaintStep): number => before.data.length + after.data.length;

/** The steps of one painting. The oldest go when they need too much memory. */
export class PaintHistory {
  #done: PaintStep[] = [];
  #undone: PaintStep[] = [];

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  add(step: PaintStep): void {
    this.#done.push(step);
    this.#undone = [];
    let bytes = this.#done.reduce((sum, one) => sum + bytesOf(one), 0);
    while (bytes > MOST && this.#done.length > 1) {
      const oldest = this.#done.shift();
      if (oldest) bytes -= bytesOf(oldest);
    }
  }

  /** Return the step to take back, or undefined where there is none. */
  undo(): PaintStep | undefined {
    const step = this.#done.pop();
    if (step) this.#undone.push(step);
    return step;
  }

  /** Return the step to do again, or undefined where there is none. */
  redo(): PaintStep | undefined {
    const step = this.#undone.pop();
    if (step) this.#done.push(step);
    return step;
  }
}

/** Return the part of a rectangle that lies within a picture, in whole pixels; undefined where none does. */
export function cutTo(width: number, height: number, rect: PixelRect): PixelRect | undefined {
  const left = Math.max(0, Math.floor(rect.x));
  const top = Math.max(0, Math.floor(rect.y));
  const right = Math.min(width, Math.ceil(rect.x + rect.width));
  const bottom = Math.min(height, Math.ceil(rect.y + rect.height));
  if (right <= left || bottom <= top) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Return the smallest rectangle around two. */
export function around(one: PixelRect | undefined, other: PixelRect): PixelRect {
  if (!one) return other;
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const width = Math.max(one.x + one.width, other.x + other.width) - x;
  return { x, y, width, height: Math.max(one.y + one.height, other.y + other.height) - y };
}
