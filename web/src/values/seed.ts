/** Seeds: a new one at random. */

import { ofInteger } from "@/document/exact-json";
import type { Json, JsonObject } from "@/document/records";
import { settleWhole, wholeRange } from "./whole-number";

/** ComfyUI draws seeds from below 2^50, whatever the limits say; kept so that files carry seeds of its size. */
const WIDEST = 2n ** 50n;

/** Return a whole number in 0 <= n < limit from 64 random bits; the bias is below 2^-14 for limits up to 2^50. */
function randomBelow(limit: bigint): bigint {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return ((BigInt(high) << 32n) | BigInt(low)) % limit;
}

/** Return a random seed within the limits of a widget's options. */
export function randomSeed(options: JsonObject): Json {
  const range = wholeRange(options);
  const low = range.min === undefined || range.min < -WIDEST ? -WIDEST : range.min;
  const high = range.max === undefined || range.max > WIDEST ? WIDEST : range.max;
  const drawn = high > low ? low + randomBelow((high - low) / range.step + 1n) * range.step : low;
  return ofInteger(settleWhole(drawn, range));
}
