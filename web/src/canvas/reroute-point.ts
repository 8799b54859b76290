/** Reading of points as files have them. */

import type { Json, Point } from "@/document/records";

/** Return the point of a list of two numbers, or of an object with the keys 0 and 1; (0, 0) for anything else. */
export function pointOf(json: Json | undefined): Point {
  const pair = (json ?? {}) as { readonly [key: string]: Json | undefined };
  const [x, y] = [Number(pair[0]), Number(pair[1])];
  return [Number.isFinite(x) ? x : 0, Number.isFinite(y) ? y : 0];
}
