/** Finding entries in long lists of choices. */

/** Entries of one folder, in the order of the list. The folder of names without `/` is "". */
export interface ChoiceFolder {
  readonly folder: string;
  readonly entries: readonly string[];
}

/** Return how well a name fits a query, higher is better, or -1 where it does not fit. */
function scoreOf(name: string, words: readonly string[]): number {
  const lower = name.toLowerCase();
  const file = lower.slice(lower.lastIndexOf("/") + 1);
  let score = 0;
  for (const word of words) {
    const at = lower.indexOf(word);
    if (at < 0) return -1;
    const begins = at === 0 || /[^\p{L}\p{N}]/u.test(lower[at - 1] ?? "");
    score += file.startsWith(word) ? 3 : begins ? 2 : 1;
  }
  return score;
}

const same = (choice: string): string => choice;

/**
 * Return the choices that have every word of a query in them, the best fits first, else in their order.
 *
 * @param nameOf What of a choice is searched.
 */
export function searchChoices(
  choices: readonly string[],
  query: string,
  nameOf: (choice: string) => string = same,
): readonly string[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return choices;
  return choices
    .map((choice, place) => ({ choice, place, name: nameOf(choice) }))
    .map((entry) => ({ ...entry, score: scoreOf(entry.name, words) }))
    .filter(({ score }) => score >= 0)
    .sort((a, b) => b.score - a.score || a.name.length - b.name.length || a.place - b.place)
    .map(({ choice }) => choice);
}

/** Return choices grouped by folder, those without a folder first; `\` counts as `/` in names from Windows. */
export function byFolder(choices: readonly string[]): readonly ChoiceFolder[] {
  const folders = new Map<string, string[]>([["", []]]);
  for (const name of choices) {
    const end = Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\"));
    const folder = end < 0 ? "" : name.slice(0, end).replaceAll("\\", "/");
    const entries = folders.get(folder);
    if (entries) entries.push(name);
    else folders.set(folder, [name]);
  }
  return [...folders]
    .filter(([, entries]) => entries.length > 0)
    .map(([folder, entries]) => ({ folder, entries }));
}
