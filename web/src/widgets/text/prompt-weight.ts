/** Weights of prompt syntax, `(word:1.1)`, changed at the caret. */

/** A text and what is selected in it, as offsets. */
export interface Selected {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WEIGHTED = /^\(([\s\S]*):\s*([-+]?\d*\.?\d+)\)$/;
/** What brackets without a number weigh. */
const PLAIN = "1.1";
const BREAKS = /[\s,.()[\]{}<>|\\]/;

/**
 * Return the span of the innermost `(...)` around the selection that has a weight, or undefined. `(word)` has one
 * too; to words selected among others in such brackets it does not belong.
 */
function weightedAround(
  { text, start, end }: Selected,
  caret: boolean,
): { start: number; end: number } | undefined {
  let depth = 0;
  for (let open = start - 1; open >= 0; open -= 1) {
    if (text[open] === ")" && text[open - 1] !== "\\") depth += 1;
    if (text[open] !== "(" || text[open - 1] === "\\") continue;
    if (depth > 0) {
      depth -= 1;
      continue;
    }
    const close = closing(text, open);
    if (close < end) continue;
    const whole = caret || text.slice(open + 1, close - 1).trim() === text.slice(start, end);
    if (whole || WEIGHTED.test(text.slice(open, close))) return { start: open, end: close };
  }
  return undefined;
}

/** Return the offset behind the bracket that closes the one at `open`, or -1. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at - 1] === "\\") continue;
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return -1;
}

/** Return the word at the caret, or the selection without the spaces at its ends. */
function target({ text, start, end }: Selected): { start: number; end: number } {
  if (start === end) {
    while (start > 0 && !BREAKS.test(text[start - 1] ?? " ")) start -= 1;
    while (end < text.length && !BREAKS.test(text[end] ?? " ")) end += 1;
  }
  while (start < end && /\s/.test(text[start] ?? "")) start += 1;
  while (end > start && /\s/.test(text[end - 1] ?? "")) end -= 1;
  return { start, end };
}

/** Return what is in brackets, and their weight, behind the brackets as a whole. */
const weightIn = (brackets: string): readonly string[] =>
  WEIGHTED.exec(brackets) ?? [brackets, brackets.slice(1, -1), PLAIN];

/**
 * Return the text with the weight of the selection, or of the word at the caret, changed by `by`; undefined
 * where there is no word. A weight that becomes 1 is taken away with its brackets. `start` and `end` of the
 * result select what carries the weight.
 */
export function changeWeight(
  selected: Selected,
  by: number,
): (Selected & { replaced: [number, number] }) | undefined {
  const span = target(selected);
  const { text } = selected;
  const around = WEIGHTED.test(text.slice(span.start, span.end))
    ? span
    : weightedAround({ text, ...span }, selected.start === selected.end);
  const { start, end } = around ?? span;
  const [, inner = text.slice(start, end), before = "1"] = around ? weightIn(text.slice(start, end)) : [];
  if (inner === "") return undefined;
  const weight = Number((Number(before) + by).toFixed(4));
  const written = weight === 1 ? inner : `(${inner}:${weight})`;
  const first = weight === 1 ? start : start + 1;
  return {
    text: text.slice(0, start) + written + text.slice(end),
    start: first,
    end: first + inner.length,
    replaced: [start, end],
  };
}
