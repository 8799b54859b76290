/** Walking through choices with the keyboard while their list is closed. */

import type { Json } from "@/document/records";

/** The keys pressed so far to name an entry. */
const typed = { text: "", at: 0 };
/** Milliseconds after which typing begins a new name. */
const PAUSE = 900;

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const lower = (choice: Json): string => String(choice).toLowerCase();

/** Return the choice that begins with what was typed, looking on from the current one. */
function named(choices: readonly Json[], from: number, letter: string): Json | undefined {
  const now = Date.now();
  typed.text = now - typed.at > PAUSE ? letter : typed.text + letter;
  typed.at = now;
  const first = typed.text.length === 1 ? from + 1 : Math.max(from, 0);
  const order = [...choices.slice(first), ...choices.slice(0, first)];
  return order.find((choice) => lower(choice).startsWith(typed.text));
}

/**
 * Return the choice that a key leads to from the current one: the arrows go one on, letters go to the name that
 * begins with them; undefined where the key leads nowhere.
 */
export function neighbour(choices: readonly Json[], value: Json, press: KeyPress): Json | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined;
  const at = choices.indexOf(value);
  if (press.key === "ArrowRight") return choices[at + 1];
  if (press.key === "ArrowLeft") return choices[Math.max(at, 0) - 1];
  if (press.key.length !== 1 || press.key === " ") return undefined;
  return named(choices, at, press.key.toLowerCase());
}
