/** Questions with buttons for answers. */

import { ask, type Choice } from "./question";

export type { Choice } from "./question";

interface Confirmation {
  /** The question. */
  readonly title: string;
  /** What will happen, and whether it can be taken back. */
  readonly text?: string;
  /** The verb on the button, such as "Delete". */
  readonly action: string;
  /** It takes something away. */
  readonly danger?: boolean;
}

/** Ask whether to go on; false where the user did not say so. */
export async function confirm({ action, danger = false, ...rest }: Confirmation): Promise<boolean> {
  const choices = [{ id: "yes", label: action, kind: danger ? "danger" : "primary" }] as const;
  return (await ask({ ...rest, choices })) !== null;
}

/** Ask which way to go, with "Cancel" beside the choices; null where the user chose none. */
export async function choose(asked: {
  readonly title: string;
  readonly text?: string;
  /** The buttons, the main one last. */
  readonly choices: readonly Choice[];
}): Promise<string | null> {
  return (await ask(asked))?.choice ?? null;
}
