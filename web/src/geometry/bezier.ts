/** The curves that wires are drawn as. All lengths are canvas pixels. */

import type { Point } from "@/document/records";
import type { Rect } from "./rect";

/** A cubic curve: its begin, two control points and its end, as x, y pairs. */
export type Curve = readonly [number, number, number, number, number, number, number, number];

/** How wires are drawn. */
export type WireStyle = "curved" | "straight" | "stepped" | "hidden";

/** Return how far the control points of a wire lie from its ends: more, the further it has to turn back. */
function reach(dx: number, dy: number): number {
  if (dx >= 0) return Math.max(dx * 0.5, Math.min(40, Math.abs(dy) * 0.5));
  return Math.min(260, 50 + -dx * 0.35 + Math.abs(dy) * 0.25);
}

/** Return the curve from an output, which it leaves to the right, to an input, which it meets from the left. */
export function wireCurve([ax, ay]: Point, [bx, by]: Point): Curve {
  const [dx, dy] = [bx - ax, by - ay];
  const pull = reach(dx, dy);
  // A wire that turns back leaves in the direction in which its end lies, so that its bends stay round.
  const lean = dx < 0 ? Math.sign(dy) * Math.min(Math.abs(dy) * 0.35, 90) : 0;
  return [ax, ay, ax + pull, ay + lean, bx - pull, by - lean, bx, by];
}

/** Return the curves from the first point through all others to the last. */
export function wireThrough(points: readonly Point[]): Curve[] {
  const curves: Curve[] = [];
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1];
    const to = points[i];
    if (from && to) curves.push(wireCurve(from, to));
  }
  return curves;
}

/** Return the point of a curve at `t` between 0 and 1. */
export function pointAt([ax, ay, bx, by, cx, cy, dx, dy]: Curve, t: number): Point {
  const s = 1 - t;
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return [a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy];
}

/** Return the smallest rectangle around the control points, in which the whole curve lies. */
export function boundsOf(curves: readonly Curve[]): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [ax, ay, bx, by, cx, cy, dx, dy] of curves) {
    left = Math.min(left, ax, bx, cx, dx);
    right = Math.max(right, ax, bx, cx, dx);
    top = Math.min(top, ay, by, cy, dy);
    bottom = Math.max(bottom, ay, by, cy, dy);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Return the distance of a point from the straight line between two others. */
function distanceToLine([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}

const PIECES = 24;

/** Return how far a point is from a curve, within 1 px for wires of usual length. */
export function distanceTo(curve: Curve, point: Point): number {
  let best = Infinity;
  let from: Point = [curve[0], curve[1]];
  for (let i = 1; i <= PIECES; i++) {
    const to = pointAt(curve, i / PIECES);
    best = Math.min(best, distanceToLine(point, from, to));
    from = to;
  }
  return best;
}

/** Return the place on a curve that is nearest to a point, as `t` between 0 and 1. */
export function nearestOn(curve: Curve, [x, y]: Point): number {
  let [best, found] = [Infinity, 0];
  for (let i = 0; i <= PIECES * 2; i++) {
    const [px, py] = pointAt(curve, i / (PIECES * 2));
    const distance = Math.hypot(px - x, py - y);
    if (distance < best) [best, found] = [distance, i / (PIECES * 2)];
  }
  return found;
}
