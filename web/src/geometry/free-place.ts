/** Where something new finds room among what is there. */

import type { Point } from "@/document/records";
import { grown, overlap, type Rect } from "./rect";

/** Canvas pixels between two things, from one place that is tried to the next, and to the farthest one. */
const GAP = 30;
const STEP = 60;
const REACH = 2000;

/**
 * Return the corner nearest to that of `wanted` at which a rectangle of its size overlaps none of `taken`;
 * places to the right are nearer than others, as workflows grow that way. Its own corner where there is none.
 */
export function freePlace(wanted: Rect, taken: readonly Rect[]): Point {
  const grownOnes = taken.map((rect) => grown(rect, GAP));
  const isFree = ([x, y]: Point): boolean => !grownOnes.some((rect) => overlap(rect, { ...wanted, x, y }));
  return (
    CANDIDATES.map(([dx, dy]): Point => [wanted.x + dx, wanted.y + dy]).find(isFree) ?? [wanted.x, wanted.y]
  );
}

const cost = ([dx, dy]: Point): number => (dx < 0 ? 2 * -dx : dx) + 3 * Math.abs(dy);
const SPAN = Array.from(
  { length: Math.ceil((2 * REACH) / STEP) + 1 },
  (_, at) => Math.floor(at - REACH / STEP) * STEP,
);
/** Steps away from the wanted place, nearest first. */
const CANDIDATES: readonly Point[] = SPAN.flatMap((dx) => SPAN.map((dy): Point => [dx, dy])).sort(
  (a, b) => cost(a) - cost(b),
);
