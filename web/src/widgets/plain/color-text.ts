/** Colours as they are typed: `#rgb`, `#rrggbb`, with or without `#`. */

const HEX = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i;

/** Return a colour as `#rrggbb`, lower case; undefined where the text is no colour. */
export function hexOf(text: string): string | undefined {
  const digits = HEX.exec(text.trim())?.[1]?.toLowerCase();
  if (!digits) return undefined;
  return digits.length === 6 ? `#${digits}` : `#${[...digits].map((digit) => digit + digit).join("")}`;
}

/** Return the number 0xrrggbb of a colour written as `#rrggbb`. */
export const numberOfHex = (hex: string): number => Number.parseInt(hex.slice(1), 16);

/** Return a number 0xrrggbb as `#rrggbb`; what lies outside is cut to 24 bits. */
export const hexOfNumber = (value: number): string =>
  `#${(Math.max(0, Math.trunc(value)) & 0xffffff).toString(16).padStart(6, "0")}`;
