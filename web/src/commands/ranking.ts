/** Finds and ranks what a few typed letters mean. */

/**
 * Return how well a text fits a query, 0 where it does not: each word of the query must be in it. Beginnings
 * of the text count most, then beginnings of its words, then what is inside words.
 */
export function howWell(text: string, query: string): number {
  const hay = text.toLowerCase();
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return 1;
  let score = 0;
  for (const word of words) {
    const part = fitOfWord(hay, word);
    if (part === 0) return 0;
    score += part;
  }
  return score / words.length + 1 / (10 + hay.length);
}

function fitOfWord(hay: string, word: string): number {
  const place = hay.indexOf(word);
  if (place === 0) return 4;
  if (place > 0) return hay.includes(` ${word}`) ? 3 : 2;
  return initials(hay).includes(word) && word.length > 1 ? 2 : 0;
}

const initials = (hay: string): string =>
  hay
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word[0] ?? "")
    .join("");

/** Return at most `most` of the items that fit a query, the best first; equal ones keep their order. */
export function ranked<Item>(
  items: readonly Item[],
  query: string,
  textOf: (item: Item) => string,
  most = Number.POSITIVE_INFINITY,
): readonly Item[] {
  return items
    .map((item) => ({ item, score: howWell(textOf(item), query) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ item }) => item);
}
