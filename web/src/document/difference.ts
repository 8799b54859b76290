/** What tells two states of a workflow apart, whether or not they share their records. */

import type { Change, Diff, Records } from "@/document/diff";
import type { RecordId } from "@/document/records";

/** Return the diff that leads from one state to the other; records with the same content are no change. */
export function differenceOf(from: Records, to: Records): Diff {
  const diff = new Map<RecordId, Change>();
  for (const [id, before] of from) {
    const after = to.get(id);
    if (!isSame(before, after)) diff.set(id, { before, after });
  }
  for (const [id, after] of to) if (!from.has(id)) diff.set(id, { before: undefined, after });
  return diff;
}

/** Tell whether two JSON values, or records, have the same content, whatever the order of their keys. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  if (Array.isArray(one) || Array.isArray(other)) return isSameList(one, other);
  const left = one as Readonly<Record<string, unknown>>;
  const right = other as Readonly<Record<string, unknown>>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => key in right && isSame(left[key], right[key]));
}

function isSameList(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  return one.every((value, at) => isSame(value, other[at]));
}
