/** The entry of a list that a name most likely means. */

/** Return the parts of a name that carry meaning, lower case: `sd-v1_5.ckpt` gives `sd`, `v1`, `5`. */
function wordsOf(name: string): string[] {
  const stem = name.toLowerCase().replace(/\.(safetensors|ckpt|pt|pth|bin|sft|gguf|png|jpe?g|webp)$/, "");
  return stem.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}

function pairsOf(name: string): Map<string, number> {
  const text = ` ${wordsOf(name).join(" ")} `;
  const pairs = new Map<string, number>();
  for (let at = 0; at < text.length - 1; at += 1) {
    const pair = text.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

/** Return how alike two names are, 0 to 1: the share of letter pairs that they have in common (Dice). */
export function likeness(one: string, other: string): number {
  const [left, right] = [pairsOf(one), pairsOf(other)];
  let [common, all] = [0, 0];
  for (const [pair, count] of left) {
    common += Math.min(count, right.get(pair) ?? 0);
    all += count;
  }
  for (const count of right.values()) all += count;
  return (2 * common) / all;
}

/** Return the choice that is most like a name, or undefined where none is at all like it. */
export function nearestChoice(name: string, choices: readonly string[]): string | undefined {
  const file = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  let best: { choice: string; score: number } | undefined;
  for (const choice of choices) {
    const score = Math.max(likeness(name, choice), likeness(file(name), file(choice)));
    if (!best || score > best.score) best = { choice, score };
  }
  return best && best.score >= 0.3 ? best.choice : undefined;
}
