/** The brush: where it touches along a line, and how it covers what it touches. */

/** A point of the picture, in its pixels, and how hard the pen is pressed there, 0 to 1. */
export interface Touch {
  readonly x: number;
  readonly y: number;
  readonly pressure: number;
}

/** What the brush is like. */
export interface Brush {
  /** Diameter in pixels of the picture. */
  readonly size: number;
  /** Share of the radius that is covered fully, 0 to 1; the rest fades out. */
  readonly hardness: number;
  /** How much a stroke covers at most, 0 to 1. */
  readonly opacity: number;
}

/** Touches follow one another at this share of the diameter. */
const SPACING = 0.12;

/**
 * Return the touches between two points of a stroke, the second included. `left` is how far the way to the
 * next touch still was at the first point; the result says how far it is at the second.
 */
export function touchesBetween(
  from: Touch,
  to: Touch,
  size: number,
  left: number,
): { readonly touches: readonly Touch[]; readonly left: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const gap = Math.max(0.5, size * SPACING);
  const touches: Touch[] = [];
  let at = left;
  for (; at <= length; at += gap) {
    const share = length === 0 ? 1 : at / length;
    touches.push({
      x: from.x + (to.x - from.x) * share,
      y: from.y + (to.y - from.y) * share,
      pressure: from.pressure + (to.pressure - from.pressure) * share,
    });
  }
  return { touches, left: at - length };
}

/** The colour in which masks are kept and shown; what counts is how opaque they are. */
export const TINT = "#8b2cff";

/** Cover a round spot. */
export function stamp(context: CanvasRenderingContext2D, { x, y, pressure }: Touch, brush: Brush): void {
  const radius = Math.max(0.5, (brush.size / 2) * pressure);
  const edge = context.createRadialGradient(x, y, radius * Math.min(0.99, brush.hardness), x, y, radius);
  edge.addColorStop(0, TINT);
  edge.addColorStop(1, `${TINT}00`);
  context.fillStyle = edge;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
