/** Reroutes: points that links are led through. */

import { loosenReroute } from "./loose-ends";
import { type FileId, type Point, type RerouteRecord, rerouteId, type Scope } from "./records";
import { chainTo } from "./reroute-chains";
import { dropRecords, listRecords, newId } from "./sheet-lists";
import type { Transaction } from "./transaction";

/**
 * Lead a link through a new point.
 *
 * @param before Id of the reroute that the point comes right before; left out, the point is the last one
 *   before the target.
 * @throws RangeError The link does not exist, or is not led through `before`.
 */
export function addReroute(
  tx: Transaction,
  scope: Scope,
  linkId: FileId,
  position: Point,
  before?: number,
): RerouteRecord {
  const link = tx.link(scope, linkId);
  if (!link) throw new RangeError(`the sheet "${scope}" has no link ${linkId}`);
  const next = before === undefined ? undefined : tx.reroute(scope, before);
  if (before !== undefined && !chainTo(tx, scope, link.parent).some(({ raw }) => raw.id === before)) {
    throw new RangeError(`link ${linkId} is not led through the reroute ${before}`);
  }
  const id = newId(tx, scope, "reroute");
  const parentId = next ? next.raw.parentId : link.parent;
  const linkIds = next ? (next.raw.linkIds ?? [link.id]) : [link.id];
  const raw = { id, ...(parentId !== undefined && { parentId }), pos: [...position], linkIds: [...linkIds] };
  const reroute: RerouteRecord = { kind: "reroute", scope, raw };
  tx.put(reroute);
  listRecords(tx, scope, "reroutes", [rerouteId(scope, id)]);
  if (next) tx.put({ ...next, raw: { ...next.raw, parentId: id } });
  else tx.put({ ...link, parent: id });
  return reroute;
}

/**
 * Take a point away; what was led through it goes the way before it.
 *
 * @throws RangeError The sheet has no such reroute.
 */
export function removeReroute(tx: Transaction, scope: Scope, id: FileId): void {
  const reroute = tx.reroute(scope, id);
  if (!reroute) throw new RangeError(`the sheet "${scope}" has no reroute ${id}`);
  const { parentId } = reroute.raw;
  loosenReroute(tx, scope, reroute.raw);
  const sheet = tx.sheet(scope);
  for (const linkId of sheet.links) {
    const link = tx.get(linkId);
    if (link?.kind === "link" && link.parent === reroute.raw.id) tx.put({ ...link, parent: parentId });
  }
  for (const otherId of sheet.reroutes) {
    const other = tx.get(otherId);
    if (other?.kind !== "reroute" || other.raw.parentId !== reroute.raw.id) continue;
    const { parentId: _, ...others } = other.raw;
    tx.put({
      ...other,
      raw: parentId === undefined ? (others as typeof other.raw) : { ...other.raw, parentId },
    });
  }
  dropRecords(tx, scope, "reroutes", new Set([rerouteId(scope, id)]));
}
