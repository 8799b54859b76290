/**
 * JSON whose whole numbers are kept exactly, however long: seeds have up to 64 bits, doubles hold 53.
 *
 * A number that a double cannot hold is read as a tagged text and written as the number again.
 */

import type { Json } from "./records";

const TAG = "\u0000int:";
const WRITTEN = /"\\u0000int:(-?\d+)"/g;
const LONG = /\d{16}/;
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const NOT_JSON = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * Return the value that a JSON text has. Python's `NaN` and `Infinity` are read as null.
 *
 * @throws SyntaxError The text is no JSON.
 */
export function parseExact(text: string): Json {
  const tagged = LONG.test(text) ? text.replace(TOKENS, tagIfLong) : text;
  try {
    return JSON.parse(tagged) as Json;
  } catch (error) {
    if (!/NaN|Infinity/.test(tagged)) throw error;
    return JSON.parse(tagged.replace(NOT_JSON, (token) => (token.startsWith('"') ? token : "null"))) as Json;
  }
}

function tagIfLong(token: string): string {
  if (token.length < 16 || !/^-?\d+$/.test(token) || String(Number(token)) === token) return token;
  return `"\\u0000int:${token}"`;
}

/** Return a value as JSON text, numbers that were read exactly written exactly; `indent` is in spaces. */
export function stringifyExact(value: Json, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  return text.includes("\\u0000int:") ? text.replace(WRITTEN, "$1") : text;
}

/**
 * Return a value as a whole number, or null where it is none.
 *
 * A number counts as the digits that JSON writes for it: above 2^53 its double may end in others.
 */
export function exactInteger(value: Json | undefined): bigint | null {
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return null;
    const written = String(value);
    return written.includes("e") ? BigInt(value) : BigInt(written);
  }
  if (typeof value !== "string" || !value.startsWith(TAG)) return null;
  const digits = value.slice(TAG.length);
  return /^-?\d+$/.test(digits) ? BigInt(digits) : null;
}

/** Return a whole number as records hold it: a number where a double holds it, else a tagged text. */
export function ofInteger(value: bigint): Json {
  const digits = value.toString();
  return String(Number(value)) === digits ? Number(value) : TAG + digits;
}
