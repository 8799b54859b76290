/** The question for one line of text. */

import { ask } from "./question";

/** Ask for a text; null where the user gave none. White space around it is left out. */
export async function promptText(asked: {
  readonly title: string;
  readonly text?: string;
  /** What the field is called. */
  readonly label: string;
  /** What stands in the field at first, all selected. */
  readonly value?: string;
  /** The verb on the button, such as "Rename". */
  readonly action: string;
  /** Return what is wrong with a text, or null where it can be used. */
  readonly check?: (value: string) => string | null;
}): Promise<string | null> {
  const { title, text, label, value = "", action, check } = asked;
  const answer = await ask({
    title,
    ...(text && { text }),
    choices: [{ id: "yes", label: action, kind: "primary" }],
    field: { label, value, ...(check && { check }) },
  });
  return answer?.value ?? null;
}
