/** Whole numbers of up to 64 bits, which is what seeds need: all arithmetic is exact. */

import { exactInteger, ofInteger } from "@/document/exact-json";
import type { Json, JsonObject } from "@/document/records";
import { evaluate } from "./expression";
import { type NumberRule, shareOf } from "./number-rule";

const PLAIN = /^\s*[-+]?\d+\s*$/;

/** Return a value of the document as a whole number; what is none counts as 0. */
export function wholeOf(value: Json | undefined): bigint {
  const exact = value === undefined ? null : exactInteger(value);
  if (exact !== null) return exact;
  const number = Math.round(Number(typeof value === "string" || typeof value === "number" ? value : 0));
  return Number.isFinite(number) ? BigInt(number) : 0n;
}

/** What a whole number may be: from `min` to `max`, in steps of `step` counted from `min`. */
export interface WholeRange {
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
  readonly step: bigint;
}

/** Return the range that the options `min`, `max` and `step` of an INT widget describe. */
export function wholeRange(options: JsonObject): WholeRange {
  const limit = (value: Json | undefined) =>
    value === undefined || value === null ? undefined : wholeOf(value);
  const step = wholeOf(options.step);
  return { min: limit(options.min), max: limit(options.max), step: step > 0n ? step : 1n };
}

const remainder = (value: bigint, divisor: bigint): bigint => ((value % divisor) + divisor) % divisor;

/** Return the nearest number that the range allows. */
export function settleWhole(value: bigint, { min, max, step }: WholeRange): bigint {
  const past = remainder(value - (min ?? 0n), step);
  const snapped = past * 2n >= step ? value - past + step : value - past;
  if (min !== undefined && snapped < min) return min;
  if (max !== undefined && snapped > max) return max;
  return snapped;
}

/** Return the rule of an INT widget with these options. */
export function wholeRule(options: JsonObject): NumberRule {
  const range = wholeRange(options);
  const { min, max, step } = range;
  const low = min === undefined ? undefined : Number(min);
  const high = max === undefined ? undefined : Number(max);
  return {
    min: low,
    max: high,
    show: (value) => wholeOf(value).toString(),
    read: (text) => {
      const value = PLAIN.test(text)
        ? BigInt(text.trim().replace(/^\+/, ""))
        : BigInt(Math.round(evaluate(text)));
      return ofInteger(settleWhole(value, range));
    },
    move: (value, steps) => ofInteger(settleWhole(wholeOf(value) + BigInt(Math.trunc(steps)) * step, range)),
    at: (share) => {
      if (min === undefined || max === undefined) return undefined;
      const thousandth = BigInt(Math.round(share * 1_000_000));
      return ofInteger(settleWhole(min + ((max - min) * thousandth) / 1_000_000n, range));
    },
    share: (value) => shareOf(Number(wholeOf(value)), low, high),
  };
}
