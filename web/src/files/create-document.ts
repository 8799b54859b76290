/** New open documents. */

import type { Records } from "@/document/diff";
import { emptyWorkflow } from "@/document/read";
import { ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { type OpenDocument, useSession } from "@/editor/session";
import { text } from "@/i18n/language";
import { rememberFile } from "./saved-file";
import { newId } from "./this-browser";

/** Where a document comes from. */
export interface Origin {
  readonly title: string;
  /** Where it is saved, such as `workflows/portrait.json`. */
  readonly path?: string | null;
  /** ETag of that file, without quotes, as it was read. */
  readonly tag?: string;
  /** It is in no file as it is: it was made from something else, or is a copy. */
  readonly unsaved?: boolean;
}

/** Open a document with these records and show it; it has no history yet. */
export function createDocument(records: Records, origin: Origin): OpenDocument {
  const { title, path = null, tag, unsaved = false } = origin;
  const document: OpenDocument = {
    id: newId(),
    title,
    path,
    store: new DocumentStore(records),
    savedSteps: unsaved ? -1 : 0,
    scopes: [ROOT],
    selection: new Set(),
    viewports: {},
  };
  if (path !== null && tag !== undefined) rememberFile(document.id, { tag, base: new Map(records) });
  useSession.getState().open(document);
  return document;
}

/** Open an empty workflow and show it. */
export function newDocument(): OpenDocument {
  return createDocument(emptyWorkflow(), { title: freeTitle(text("files.untitled")) });
}

/** Return the title, or the first of `title 2`, `title 3`, ... that no open document has. */
export function freeTitle(title: string): string {
  const taken = new Set(useSession.getState().documents.map((one) => one.title));
  if (!taken.has(title)) return title;
  let number = 2;
  while (taken.has(`${title} ${number}`)) number += 1;
  return `${title} ${number}`;
}
