/** Snapping of what is dragged: to the grid and to the edges of what lies near. */

import type { Point } from "@/document/records";
import type { Rect } from "./rect";

/** A line that shows what the dragged rectangle was aligned with. */
export interface Guide {
  readonly from: Point;
  readonly to: Point;
}

/** How far the rectangle is moved to be aligned, and the lines that say with what. */
export interface Snapped {
  readonly offset: Point;
  readonly guides: readonly Guide[];
}

interface Fit {
  readonly shift: number;
  readonly at: number;
  readonly with: Rect;
}

/** Return the smallest shift, at most `reach`, that brings an edge or the middle onto one of another rectangle. */
function bestFit(
  own: readonly number[],
  others: Iterable<Rect>,
  edges: (rect: Rect) => readonly number[],
  reach: number,
): Fit | undefined {
  let best: Fit | undefined;
  for (const other of others) {
    for (const at of edges(other)) {
      for (const mine of own) {
        const shift = at - mine;
        if (Math.abs(shift) <= Math.min(reach, Math.abs(best?.shift ?? reach) - 0.001)) {
          best = { shift, at, with: other };
        }
      }
    }
  }
  return best;
}

const columns = ({ x, width }: Rect): readonly number[] => [x, x + width];
const rows = ({ y, height }: Rect): readonly number[] => [y, y + height];

/** Return how to align a rectangle with the edges of others that are at most `reach` canvas pixels off. */
export function snapToEdges(rect: Rect, others: readonly Rect[], reach: number): Snapped {
  const across = bestFit(columns(rect), others, columns, reach);
  const along = bestFit(rows(rect), others, rows, reach);
  const moved = { ...rect, x: rect.x + (across?.shift ?? 0), y: rect.y + (along?.shift ?? 0) };
  const guides: Guide[] = [];
  if (across) {
    const top = Math.min(moved.y, across.with.y);
    const bottom = Math.max(moved.y + rect.height, across.with.y + across.with.height);
    guides.push({ from: [across.at, top], to: [across.at, bottom] });
  }
  if (along) {
    const left = Math.min(moved.x, along.with.x);
    const right = Math.max(moved.x + rect.width, along.with.x + along.with.width);
    guides.push({ from: [left, along.at], to: [right, along.at] });
  }
  return { offset: [across?.shift ?? 0, along?.shift ?? 0], guides };
}
