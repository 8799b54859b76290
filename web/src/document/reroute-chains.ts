/** The reroutes that a link is led through, from its origin to its target. */

import {
  isObject,
  type Json,
  type LinkRecord,
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

/** Take a link out of the reroutes that it was led through; those that nothing else is led through go. */
export function dropUnusedReroutes(tx: Transaction, scope: Scope, link: LinkRecord): void {
  const needed = neededReroutes(tx, scope);
  const unused = new Set<RecordId>();
  for (const reroute of chainTo(tx, scope, link.parent)) {
    const id = rerouteId(scope, reroute.raw.id);
    if (needed.has(reroute.raw.id)) forgetLink(tx, reroute, link);
    else unused.add(id);
  }
  dropRecords(tx, scope, "reroutes", unused);
}

function forgetLink(tx: Transaction, reroute: RerouteRecord, link: LinkRecord): void {
  const { linkIds } = reroute.raw;
  if (!linkIds?.some((id) => String(id) === String(link.id))) return;
  const left = linkIds.filter((id) => String(id) !== String(link.id));
  tx.put({ ...reroute, raw: { ...reroute.raw, linkIds: left } });
}

/** Reroutes that links, or ends that float in the air, are led through. */
function neededReroutes(tx: Transaction, scope: Scope): ReadonlySet<number> {
  const sheet = tx.sheet(scope);
  const ends: (number | undefined)[] = [];
  for (const id of sheet.links) {
    const link = tx.get(id);
    if (link?.kind === "link") ends.push(link.parent);
  }
  for (const one of listIn(sheet.rest.floatingLinks)) {
    if (isObject(one) && typeof one.parentId === "number") ends.push(one.parentId);
  }
  for (const id of sheet.reroutes) {
    const reroute = tx.get(id);
    if (reroute?.kind === "reroute" && reroute.raw.floating) ends.push(reroute.raw.id);
  }
  return new Set(ends.flatMap((end) => chainTo(tx, scope, end).map(({ raw }) => raw.id)));
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
