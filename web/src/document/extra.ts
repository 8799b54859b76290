/** What a workflow's file says besides its nodes, under `extra`; other editors keep keys that they do not know. */

import { isObject, type Json, type JsonObject, type RecordSource, ROOT, sheetOf } from "./records";
import type { Transaction } from "./transaction";

/** The key under which this editor keeps what no other one knows. */
const OWN = "latentloom";

function extraIn(records: RecordSource): JsonObject {
  const extra = sheetOf(records, ROOT)?.rest.extra;
  return isObject(extra) ? extra : {};
}

/** Return what `extra` has under a key, or undefined. */
export const extraOf = (records: RecordSource, key: string): Json | undefined => extraIn(records)[key];

/** Put a value under a key of `extra`; undefined takes the key away. */
export function setExtra(tx: Transaction, key: string, value: Json | undefined): void {
  const sheet = tx.sheet(ROOT);
  const { [key]: _, ...others } = extraIn(tx);
  const extra: JsonObject = value === undefined ? others : { ...extraIn(tx), [key]: value };
  tx.put({ ...sheet, rest: { ...sheet.rest, extra } });
}

/** Return what this editor keeps under a name of its own, or undefined. */
export function ownExtra(records: RecordSource, name: string): Json | undefined {
  const own = extraOf(records, OWN);
  return isObject(own) ? own[name] : undefined;
}

/** Keep something under a name of this editor's own; undefined takes it away. */
export function setOwnExtra(tx: Transaction, name: string, value: Json | undefined): void {
  const before = extraOf(tx, OWN);
  const { [name]: _, ...others } = isObject(before) ? before : {};
  const own: JsonObject = value === undefined ? others : { ...others, [name]: value };
  setExtra(tx, OWN, Object.keys(own).length > 0 ? own : undefined);
}
