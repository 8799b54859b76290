/** A piece of a sheet copied onto a sheet, with ids of its own. */

import { boundingOf } from "./groups";
import { addLink } from "./links";
import { pairLike, pairOf } from "./placement";
import {
  type FileId,
  groupId,
  type Json,
  type LinkRecord,
  nodeId,
  type Point,
  type RawGroup,
  type RawNode,
  type RawReroute,
  type RecordId,
  rerouteId,
  type Scope,
} from "./records";
import { listRecords, newId, newIds } from "./sheet-lists";
import type { Transaction } from "./transaction";
import { unlinked } from "./unlinked";

/** A link between nodes of a piece. */
export interface PieceLink {
  readonly id: FileId;
  readonly origin: FileId;
  readonly originSlot: number;
  readonly target: FileId;
  readonly targetSlot: number;
  readonly type: Json;
  readonly parent?: number;
}

/** Nodes, groups and reroutes, and the links between them. */
export interface Piece {
  readonly nodes: readonly RawNode[];
  readonly links: readonly PieceLink[];
  readonly groups: readonly RawGroup[];
  readonly reroutes: readonly RawReroute[];
}

/** What became of the things that were put into a document. */
export interface Placed {
  /** The ids that nodes have now, by those that they had (as text). */
  readonly nodes: ReadonlyMap<string, number>;
  readonly reroutes: ReadonlyMap<number, number>;
  /** All nodes, groups and reroutes. */
  readonly ids: readonly RecordId[];
}

/**
 * Copy a piece onto a sheet, shifted; links at its nodes that are not the piece's own are left out. Reroutes
 * that nothing is led through stay until `settleReroutes`.
 */
export function placeCopy(tx: Transaction, scope: Scope, piece: Piece, shift: Point): Placed {
  const nodes = pairs(
    piece.nodes.map(({ id }) => String(id)),
    newIds(tx, scope, "node", piece.nodes.length),
  );
  const reroutes = pairs(
    piece.reroutes.map(({ id }) => id),
    newIds(tx, scope, "reroute", piece.reroutes.length),
  );
  const nodeIds = piece.nodes.map((raw) => {
    const id = nodes.get(String(raw.id)) ?? 0;
    tx.put({ kind: "node", scope, raw: { ...unlinked(raw), id, pos: shifted(raw.pos, shift) } });
    return nodeId(scope, id);
  });
  listRecords(tx, scope, "nodes", nodeIds);
  const groupIds = piece.groups.map((raw) => placeGroup(tx, scope, raw, shift));
  const rerouteIds = piece.reroutes.map((raw) => placeReroute(tx, scope, raw, reroutes, shift));
  listRecords(tx, scope, "reroutes", rerouteIds);
  for (const link of piece.links) {
    const origin = nodes.get(String(link.origin));
    const target = nodes.get(String(link.target));
    if (origin === undefined || target === undefined) continue;
    const parent = link.parent === undefined ? undefined : reroutes.get(link.parent);
    const id = newId(tx, scope, "link");
    const copy: LinkRecord = { ...link, kind: "link", scope, id, origin, target, parent };
    addLink(tx, copy);
  }
  return { nodes, reroutes, ids: [...nodeIds, ...groupIds, ...rerouteIds] };
}

function pairs<K>(keys: readonly K[], ids: readonly number[]): Map<K, number> {
  return new Map(keys.map((key, at) => [key, ids[at] ?? 0]));
}

function shifted(pos: Json | undefined, [x, y]: Point): Json {
  const [left, top] = pairOf(pos, [0, 0]);
  return pairLike(pos, [left + x, top + y]);
}

function placeGroup(tx: Transaction, scope: Scope, raw: RawGroup, [x, y]: Point): RecordId {
  const id = newId(tx, scope, "group");
  const [left, top, width, height] = boundingOf(raw);
  const key = String(id);
  tx.put({ kind: "group", scope, key, raw: { ...raw, id, bounding: [left + x, top + y, width, height] } });
  listRecords(tx, scope, "groups", [groupId(scope, key)]);
  return groupId(scope, key);
}

function placeReroute(
  tx: Transaction,
  scope: Scope,
  raw: RawReroute,
  ids: ReadonlyMap<number, number>,
  shift: Point,
): RecordId {
  const id = ids.get(raw.id) ?? 0;
  const { parentId, ...others } = raw;
  const parent = parentId === undefined ? undefined : ids.get(parentId);
  const placed = { ...others, id, pos: shifted(raw.pos, shift), linkIds: [] };
  tx.put({ kind: "reroute", scope, raw: parent === undefined ? placed : { ...placed, parentId: parent } });
  return rerouteId(scope, id);
}
