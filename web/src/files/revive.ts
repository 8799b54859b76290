/** A draft as an open document again, its steps of undo included. */

import type { Records } from "@/document/diff";
import { differenceOf } from "@/document/difference";
import type { DocumentRecord, RecordId } from "@/document/records";
import { DocumentStore, type Step } from "@/document/store";
import type { OpenDocument } from "@/editor/session";
import type { Draft } from "./journal";

/** Return the document that a draft was kept of. */
export function revive({ facts, records, done, undone }: Draft): OpenDocument {
  const { id, title, path, savedSteps, scopes, instances, viewports } = facts;
  const store = storeOf(records, done, undone);
  const entered = { scopes, ...(instances && { instances }) };
  return { id, title, path, store, savedSteps, ...entered, viewports, selection: new Set() };
}

/**
 * Return a store with these records and this history. The records count: where the steps do not lead to them,
 * as after a drag that never ended, one more step does.
 */
function storeOf(records: Records, done: readonly Step[], undone: readonly Step[]): DocumentStore {
  const start = new Map<RecordId, DocumentRecord>(records);
  for (const { diff } of [...done].reverse()) {
    for (const [id, { before }] of diff) {
      if (before) start.set(id, before);
      else start.delete(id);
    }
  }
  const store = new DocumentStore(start);
  for (const step of done) store.apply(step.label, step.diff);
  // The next step to redo is the last one of the stack.
  const { length } = store.done;
  for (const step of [...undone].reverse()) store.apply(step.label, step.diff);
  while (store.done.length > length) store.undo();
  const rest = differenceOf(store.records, records);
  if (rest.size > 0) store.apply("files.restored", rest);
  return store;
}
