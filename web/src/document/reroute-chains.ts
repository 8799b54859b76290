/** The reroutes that a link is led through, from its origin to its target. */

import {
  type FileId,
  isObject,
  type Json,
  type RecordId,
  type RecordSource,
  type RerouteRecord,
  rerouteId,
  type Scope,
} from "./records";
import { dropRecords } from "./sheet-lists";
import type { Transaction } from "./transaction";

/** Return the reroutes before a place, nearest to the origin first; `last` is the one nearest to the target. */
export function chainTo(records: RecordSource, scope: Scope, last: number | undefined): RerouteRecord[] {
  const chain: RerouteRecord[] = [];
  const seen = new Set<number>();
  for (let id = last; id !== undefined && id !== null && !seen.has(id); ) {
    seen.add(id);
    const record = records.get(rerouteId(scope, id));
    if (record?.kind !== "reroute") break;
    chain.unshift(record);
    id = record.raw.parentId;
  }
  return chain;
}

/**
 * Write into reroutes which links are led through them now; those that nothing is led through any more go.
 *
 * @param ids The reroutes whose links changed.
 */
export function settleReroutes(tx: Transaction, scope: Scope, ids: ReadonlySet<number>): void {
  if (ids.size === 0) return;
  const users = linksThrough(tx, scope);
  const unused = new Set<RecordId>();
  for (const id of ids) {
    const reroute = tx.get(rerouteId(scope, id));
    if (reroute?.kind !== "reroute") continue;
    const links = users.get(id);
    if (links) settle(tx, reroute, links);
    else unused.add(rerouteId(scope, id));
  }
  dropRecords(tx, scope, "reroutes", unused);
}

function settle(tx: Transaction, reroute: RerouteRecord, links: readonly FileId[]): void {
  const before = reroute.raw.linkIds ?? [];
  const now = new Set(links.map(String));
  const kept = before.filter((id) => now.has(String(id)));
  const known = new Set(kept.map(String));
  const added = links.filter((id) => !known.has(String(id)));
  if (kept.length === before.length && added.length === 0) return;
  tx.put({ ...reroute, raw: { ...reroute.raw, linkIds: [...kept, ...added] } });
}

/** Return what is led through the reroutes of a sheet; also those that only an end in the air is led through. */
function linksThrough(tx: Transaction, scope: Scope): ReadonlyMap<number, readonly FileId[]> {
  const sheet = tx.sheet(scope);
  const users = new Map<number, FileId[]>();
  const note = (last: number | undefined, link?: FileId) => {
    for (const { raw } of chainTo(tx, scope, last)) {
      users.set(raw.id, [...(users.get(raw.id) ?? []), ...(link === undefined ? [] : [link])]);
    }
  };
  for (const id of sheet.links) {
    const link = tx.get(id);
    if (link?.kind === "link") note(link.parent, link.id);
  }
  for (const one of listIn(sheet.rest.floatingLinks)) {
    if (isObject(one) && typeof one.parentId === "number") note(one.parentId);
  }
  for (const id of sheet.reroutes) {
    const reroute = tx.get(id);
    if (reroute?.kind === "reroute" && reroute.raw.floating) note(reroute.raw.id);
  }
  return users;
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
