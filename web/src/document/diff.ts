/** Differences between two states of a document: the one language of undo, drafts, versions and merging. */

import type { DocumentRecord, RecordId } from "./records";

/** All that a document holds, by id. */
export type Records = ReadonlyMap<RecordId, DocumentRecord>;

/** What a record was and what it became; undefined where there was, or is, none. */
export interface Change {
  readonly before: DocumentRecord | undefined;
  readonly after: DocumentRecord | undefined;
}

/** Changes by the ids of what they change; each id once. */
export type Diff = ReadonlyMap<RecordId, Change>;

/** The diff of a step that did nothing. */
export const NO_CHANGE: Diff = new Map();

/** Return the diff that takes back this one. */
export function invert(diff: Diff): Diff {
  return new Map([...diff].map(([id, { before, after }]) => [id, { before: after, after: before }]));
}

/** Return the one diff that does what several did in a row. */
export function squash(diffs: Iterable<Diff>): Diff {
  const whole = new Map<RecordId, Change>();
  for (const diff of diffs) {
    for (const [id, { before, after }] of diff) {
      const earlier = whole.get(id);
      const from = earlier ? earlier.before : before;
      if (from === after) whole.delete(id);
      else whole.set(id, { before: from, after });
    }
  }
  return whole;
}

/** Return records with a change applied; those that are given stay as they are. */
export function applied(records: Records, diff: Diff): Records {
  const whole = new Map<RecordId, DocumentRecord>(records);
  for (const [id, { after }] of diff) {
    if (after) whole.set(id, after);
    else whole.delete(id);
  }
  return whole;
}
