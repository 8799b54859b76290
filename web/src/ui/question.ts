/** The question that the user is asked now; further ones wait until it is answered. */

import { create } from "zustand";

/** One of the answers that are offered. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly kind?: "primary" | "plain" | "danger";
}

interface Asked {
  readonly title: string;
  readonly text?: string;
  /** The buttons, the main one last. `cancel` is added before them. */
  readonly choices: readonly Choice[];
  /** A line to write in; its text is the answer. */
  readonly field?: {
    readonly label: string;
    readonly value: string;
    /** Return what is wrong with a text, or null where it can be used. */
    readonly check?: (value: string) => string | null;
  };
}

/** A question that waits for its answer. */
export interface Question extends Asked {
  readonly id: number;
  /** Answer with the id of a choice, and the text of the field; null is no answer. */
  readonly answer: (answer: { readonly choice: string; readonly value: string } | null) => void;
}

let last = 0;

/** Questions without an answer, oldest first; the first one is shown. */
export const useQuestions = create<{ readonly questions: readonly Question[] }>(() => ({ questions: [] }));

/** Ask the user; resolves with the answer, null where the question was closed. */
export function ask(asked: Asked): Promise<{ readonly choice: string; readonly value: string } | null> {
  return new Promise((resolve) => {
    last += 1;
    const id = last;
    const answer: Question["answer"] = (given) => {
      useQuestions.setState(({ questions }) => ({ questions: questions.filter((one) => one.id !== id) }));
      resolve(given);
    };
    useQuestions.setState(({ questions }) => ({ questions: [...questions, { ...asked, id, answer }] }));
  });
}
