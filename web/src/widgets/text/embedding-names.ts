/** Textual-inversion embeddings that the server has, for completing `embedding:name` in a prompt. */

import { fetchJson } from "@/server/api";

/** What is being typed after `embedding:`, and where it stands. */
export interface EmbeddingTyped {
  readonly typed: string;
  readonly start: number;
  readonly end: number;
}

/** Return the name after `embedding:` that the caret stands in, or undefined. */
export function embeddingAt(text: string, caret: number): EmbeddingTyped | undefined {
  const match = /(?:^|[\s,(])embedding:([^\s,():]*)$/.exec(text.slice(0, caret));
  if (!match) return undefined;
  const typed = match[1] ?? "";
  return { typed, start: caret - typed.length, end: caret };
}

let asked: Promise<readonly string[]> | undefined;

/** Return the names; asked for once, and again after the server could not be reached. */
export function embeddingNames(): Promise<readonly string[]> {
  asked ??= fetchJson<string[]>("/embeddings").catch((reason: unknown) => {
    asked = undefined;
    throw reason;
  });
  return asked;
}
