/** What a sheet lists and counts: entries added and taken away, and ids that were never used before. */

import {
  type FileId,
  groupId,
  isObject,
  type Json,
  type JsonObject,
  linkId,
  nodeId,
  type RecordId,
  ROOT,
  rerouteId,
  type Scope,
  type SheetRecord,
} from "./records";
import { definitionsOf } from "./subgraph-definitions";
import type { Transaction } from "./transaction";

type List = "nodes" | "links" | "groups" | "reroutes";
type Kind = "node" | "link" | "group" | "reroute";

/** Add records to the end of one of a sheet's lists. */
export function listRecords(tx: Transaction, scope: Scope, list: List, ids: readonly RecordId[]): void {
  const sheet = tx.sheet(scope);
  tx.put({ ...sheet, [list]: [...sheet[list], ...ids] });
}

/** Take records away from a sheet, and from its lists. */
export function dropRecords(tx: Transaction, scope: Scope, list: List, ids: ReadonlySet<RecordId>): void {
  if (ids.size === 0) return;
  const sheet = tx.sheet(scope);
  tx.put({ ...sheet, [list]: sheet[list].filter((id) => !ids.has(id)) });
  for (const id of ids) tx.remove(id);
}

/** Change what the JSON of a sheet has besides its lists. */
export function amendRest(tx: Transaction, scope: Scope, change: JsonObject): void {
  const sheet = tx.sheet(scope);
  tx.put({ ...sheet, rest: { ...sheet.rest, ...change } });
}

const OWN_COUNTER: Readonly<Record<Kind, string | null>> = {
  node: "last_node_id",
  link: "last_link_id",
  group: null,
  reroute: null,
};
const STATE_COUNTER: Readonly<Record<Kind, string>> = {
  node: "lastNodeId",
  link: "lastLinkId",
  group: "lastGroupId",
  reroute: "lastRerouteId",
};
const ID_OF: Readonly<Record<Kind, (scope: Scope, id: string) => RecordId>> = {
  node: nodeId,
  link: linkId,
  group: groupId,
  reroute: rerouteId,
};
const LIST_OF: Readonly<Record<Kind, List>> = {
  node: "nodes",
  link: "links",
  group: "groups",
  reroute: "reroutes",
};

/** Return a number that no record of the kind has had on the sheet; the sheet's counter remembers it. */
export function newId(tx: Transaction, scope: Scope, kind: Kind): number {
  const id = firstFree(tx, scope, kind);
  count(tx, tx.sheet(scope), kind, id);
  return id;
}

/** Return as many such numbers as asked for. */
export function newIds(tx: Transaction, scope: Scope, kind: Kind, amount: number): number[] {
  if (amount === 0) return [];
  const isTaken = (id: number) => tx.get(ID_OF[kind](scope, String(id))) !== undefined;
  const ids: number[] = [];
  for (let id = firstFree(tx, scope, kind); ids.length < amount; id++) if (!isTaken(id)) ids.push(id);
  count(tx, tx.sheet(scope), kind, ids.at(-1) ?? 0);
  return ids;
}

function firstFree(tx: Transaction, scope: Scope, kind: Kind): number {
  const last = (one: Scope) => {
    const sheet = tx.sheet(one);
    return counterOf(sheet, kind) ?? highestId(sheet, kind);
  };
  // Of nodes, other editors want ids that no other sheet of the workflow has either.
  const sheets = kind === "node" ? [ROOT, ...definitionsOf(tx)] : [scope];
  let id = Math.max(...sheets.map(last)) + 1;
  while (tx.get(ID_OF[kind](scope, String(id)))) id += 1;
  return id;
}

function counterOf(sheet: SheetRecord, kind: Kind): number | undefined {
  const { state } = sheet.rest;
  const own = OWN_COUNTER[kind];
  const found = [isObject(state) ? state[STATE_COUNTER[kind]] : undefined, own ? sheet.rest[own] : undefined];
  const numbers = found.filter((value): value is number => typeof value === "number");
  return numbers.length > 0 ? Math.max(...numbers) : undefined;
}

function highestId(sheet: SheetRecord, kind: Kind): number {
  const start = ID_OF[kind](sheet.scope, "").length;
  return sheet[LIST_OF[kind]].reduce((most, id) => Math.max(most, Number(id.slice(start)) || 0), 0);
}

function count(tx: Transaction, sheet: SheetRecord, kind: Kind, id: number): void {
  const { state } = sheet.rest;
  const change: Record<string, Json> = {};
  const own = OWN_COUNTER[kind];
  if (isObject(state) || sheet.format === "1") {
    change.state = { ...(isObject(state) ? state : {}), [STATE_COUNTER[kind]]: id };
  }
  if (own && (own in sheet.rest || change.state === undefined)) change[own] = id;
  if (Object.keys(change).length > 0) amendRest(tx, sheet.scope, change);
}

/** Tell whether two ids of a file mean the same thing: files mix numbers and texts. */
export function isSameId(one: FileId | null | undefined, other: FileId): boolean {
  return one !== null && one !== undefined && String(one) === String(other);
}
