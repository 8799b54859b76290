/** Places and sizes as files have them: `[x, y]`, or `{"0": x, "1": y}` in old ones. */

import { isObject, type Json, type Point } from "./records";

/** Return a pair of numbers; what is missing or no number is taken from `otherwise`. */
export function pairOf(value: Json | undefined, otherwise: Point): Point {
  return [numberAt(value, 0) ?? otherwise[0], numberAt(value, 1) ?? otherwise[1]];
}

function numberAt(value: Json | undefined, at: number): number | undefined {
  const part = Array.isArray(value)
    ? (value[at] as Json | undefined)
    : isObject(value)
      ? value[String(at)]
      : undefined;
  return typeof part === "number" && Number.isFinite(part) ? part : undefined;
}

/** Return `pair` in the form that the file has had it in. */
export function pairLike(before: Json | undefined, pair: Point): Json {
  if (isObject(before)) return { ...before, "0": pair[0], "1": pair[1] };
  return Array.isArray(before) ? [...pair, ...before.slice(2)] : [...pair];
}
