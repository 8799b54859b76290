/** Numbers written as a list: `1, 2, 5`, `1..8`, `0.5..1 step 0.1`. */

/** Numbers as they were meant, or what cannot be read. */
export type ValueList =
  | { readonly values: readonly string[]; readonly wrong: null }
  | { readonly values: readonly []; readonly wrong: string };

/** More values than this are taken for a slip. */
const MOST_VALUES = 200;

const RANGE = /^(\S+?)\s*(?:\.\.\.?|…)\s*(\S+?)(?:\s+(?:step|by)\s+(\S+))?$/i;
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

/** Return the numbers of a list as decimal texts, exact whatever their size; `wrong` is the first part that is none. */
export function readList(text: string): ValueList {
  const values: string[] = [];
  for (const part of text.split(/[,;\n]/).map((one) => one.trim())) {
    if (part === "") continue;
    const found = NUMBER.test(part) ? [part] : rangeOf(part);
    if (!found || values.length + found.length > MOST_VALUES) return { values: [], wrong: part };
    values.push(...found);
  }
  return { values: values.map(tidy), wrong: null };
}

function rangeOf(part: string): string[] | null {
  const [, from = "", to = "", by] = RANGE.exec(part) ?? [];
  if (!NUMBER.test(from) || !NUMBER.test(to) || (by !== undefined && !NUMBER.test(by))) return null;
  const places = Math.max(...[from, to, by ?? "1"].map(decimalsOf));
  const low = scaled(from, places);
  const high = scaled(to, places);
  const given = by === undefined ? 10n ** BigInt(places) : scaled(by, places);
  if (given === 0n) return null;
  const size = given < 0n ? -given : given;
  const step = high < low ? -size : size;
  const count = (high - low) / step;
  if (count >= BigInt(MOST_VALUES)) return null;
  return Array.from({ length: Number(count) + 1 }, (_, at) => unscaled(low + BigInt(at) * step, places));
}

/** Digits after the point that a number needs when it is written out. */
function decimalsOf(text: string): number {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  return Math.max(0, (mantissa.split(".")[1] ?? "").length - Number(exponent));
}

/** Return a number times 10 to a power, as a whole number. */
function scaled(text: string, places: number): bigint {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace(/^[-+]/, "").split(".");
  const shift = places + Number(exponent) - fraction.length;
  const digits = BigInt(`${whole}${fraction}` || "0") * 10n ** BigInt(Math.max(0, shift));
  return text.startsWith("-") ? -digits : digits;
}

function unscaled(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places);
  return `${value < 0n ? "-" : ""}${whole}${places > 0 ? `.${fraction}` : ""}`;
}

/** Return a number without a plus sign and without zeros that say nothing. */
function tidy(text: string): string {
  const plain = text.replace(/^\+/, "");
  return plain.includes(".") && !/e/i.test(plain) ? plain.replace(/\.?0+$/, "") || "0" : plain;
}
