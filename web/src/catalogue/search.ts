/** Finds kinds of nodes by what a user types, the likeliest first. */

import type { Catalogue, NodeDefinition } from "./definitions";
import { accepts } from "./socket-types";

/** What a search is narrowed to, besides its words. */
export interface NodeQuery {
  /** Only kinds with a socket that fits this type. */
  readonly type?: string;
  /** The side of that socket: `input` for kinds that take the type (the default). */
  readonly side?: "input" | "output";
  /** How often each kind was chosen. */
  readonly usage?: Readonly<Record<string, number>>;
}

/**
 * Return the kinds that fit, the best first. Each word of the query must be found in the title, the type, an
 * alias, the category or the pack; titles count most, and what is used often comes before what fits as well.
 * Without words, all kinds are given, those that are used most first, old ones last.
 */
export function searchNodes(
  catalogue: Catalogue,
  query: string,
  { type, side = "input", usage = {} }: NodeQuery = {},
): NodeDefinition[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found: { definition: NodeDefinition; score: number }[] = [];
  for (const definition of catalogue.values()) {
    if (definition.hidden || (type !== undefined && !hasSocket(definition, type, side))) continue;
    const fit = fitOf(definition, words);
    if (fit > 0) found.push({ definition, score: fit + usageScore(usage[definition.type]) });
  }
  found.sort(
    (one, other) =>
      other.score - one.score ||
      one.definition.title.length - other.definition.title.length ||
      one.definition.title.localeCompare(other.definition.title),
  );
  return found.map(({ definition }) => definition);
}

function hasSocket(definition: NodeDefinition, type: string, side: "input" | "output"): boolean {
  return side === "input"
    ? definition.inputs.some((input) => accepts(type, input.type))
    : definition.outputs.some((output) => accepts(output.type, type));
}

/** The tenth use still counts for something, the hundredth hardly more; never as much as a better fit. */
const usageScore = (count = 0): number => Math.min(1.5, Math.log2(1 + count) / 2.5);

/** What a node that is old, or may still change, falls behind others. */
const penalty = ({ deprecated, experimental, virtual }: NodeDefinition): number =>
  (deprecated ? 3 : 0) + (experimental ? 0.25 : 0) + (virtual ? 0.5 : 0);

function fitOf(definition: NodeDefinition, words: readonly string[]): number {
  if (words.length === 0) return Math.max(0.01, 4 - penalty(definition));
  const { title, type, aliases, category, module, description } = definition;
  const titleParts = [title, type].map((part) => part.toLowerCase());
  const whole = words.join(" ");
  let sum = 0;
  for (const word of words) {
    const best = Math.max(
      ...titleParts.map((part) => fitOfWord(part, word)),
      ...aliases.map((alias) => fitOfWord(alias.toLowerCase(), word) * 0.8),
      fitOfWord(category.toLowerCase(), word) * 0.4,
      fitOfWord(module.toLowerCase(), word) * 0.3,
      description.toLowerCase().includes(word) ? 0.8 : 0,
    );
    if (best === 0) return 0;
    sum += best;
  }
  const exact = titleParts.includes(whole) || titleParts.includes(words.join("")) ? 6 : 0;
  return Math.max(0.01, sum / words.length + exact - penalty(definition));
}

/** How well a word fits a text: at its beginning, at that of a word, inside, as initials, as a loose sequence. */
function fitOfWord(text: string, word: string): number {
  const place = text.indexOf(word);
  if (place === 0) return 6;
  if (place > 0) return /[\s/_.-]/.test(text.charAt(place - 1)) ? 5 : 3;
  if (word.length < 2) return 0;
  if (initialsOf(text).startsWith(word)) return 4;
  return word.length > 2 && isSequence(text, word) ? 1 : 0;
}

const initialsOf = (text: string): string =>
  text
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => part.charAt(0))
    .join("");

/** Whether the letters of a word come in a text in this order, not too far apart. */
function isSequence(text: string, word: string): boolean {
  let place = -1;
  for (const letter of word) {
    const next = text.indexOf(letter, place + 1);
    if (next === -1 || (place >= 0 && next - place > 6)) return false;
    place = next;
  }
  return true;
}
