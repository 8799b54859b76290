/** Parts of a prompt between commas, moved as wholes. */

import type { Selected } from "./prompt-weight";

/** Return the offsets at which the parts of a text begin and end; commas within brackets do not count. */
function partsOf(text: string): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const sign = text[at];
    if (sign === "(" || sign === "{") depth += 1;
    if (sign === ")" || sign === "}") depth = Math.max(0, depth - 1);
    if (at < text.length && (sign !== "," || depth > 0)) continue;
    parts.push({ start, end: at });
    start = at + 1;
  }
  return parts;
}

/**
 * Return the text with the part at the caret moved one place to the left (-1) or right (1), the caret with
 * it; undefined where there is no place to move to. Spaces stay where they are.
 */
export function movePart({ text, start, end }: Selected, by: -1 | 1): Selected | undefined {
  const parts = partsOf(text);
  const at = parts.findIndex((part) => start <= part.end);
  const [left, right] = by < 0 ? [parts[at - 1], parts[at]] : [parts[at], parts[at + 1]];
  if (!left || !right) return undefined;
  const words = (part: { start: number; end: number }) => text.slice(part.start, part.end);
  const swap = (frame: string, inside: string) =>
    frame.replace(/^(\s*)[\s\S]*?(\s*)$/, (_, a, b) => a + inside.trim() + b);
  const first = swap(words(left), words(right));
  const second = swap(words(right), words(left));
  const moved = `${text.slice(0, left.start)}${first},${second}${text.slice(right.end)}`;
  const shift =
    by < 0
      ? left.start + lead(first) - (right.start + lead(words(right)))
      : left.start + first.length + 1 + lead(second) - (left.start + lead(words(left)));
  return { text: moved, start: start + shift, end: end + shift };
}

const lead = (text: string): number => text.length - text.trimStart().length;
