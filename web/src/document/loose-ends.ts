/**
 * Wires that end in the air: they come from one socket, are led through reroutes, and end at the last of these.
 * Files keep them apart from other links (`floatingLinks`), and mark the reroute where they end (`floating`).
 */

import type { Catalogue } from "@/catalogue/definitions";
import { connectValue } from "./primitives";
import {
  type FileId,
  isObject,
  type Json,
  type JsonObject,
  type LinkRecord,
  type RawReroute,
  type RecordSource,
  type Scope,
  sheetOf,
} from "./records";
import { chainTo, settleReroutes } from "./reroute-chains";
import { amendRest, isSameId } from "./sheet-lists";
import type { Transaction } from "./transaction";

/** Id of the node that is not there. */
const NOWHERE = -1;

/** The end of a wire that is joined to nothing. */
export interface LooseEnd {
  /** Id of the reroute that it is at. */
  readonly reroute: number;
  /** Id of the last reroute on the way to the target. */
  readonly parent: number;
  /** The socket at the other end. */
  readonly side: "output" | "input";
  readonly node: FileId;
  readonly slot: number;
  readonly type: Json;
}

/** Return the loose ends on a sheet. */
export function looseEnds(records: RecordSource, scope: Scope): readonly LooseEnd[] {
  const list = sheetOf(records, scope)?.rest.floatingLinks;
  if (!Array.isArray(list)) return [];
  return (list as readonly Json[]).flatMap((raw) => readEnd(records, scope, raw));
}

function readEnd(records: RecordSource, scope: Scope, raw: Json): LooseEnd[] {
  if (!isObject(raw) || typeof raw.parentId !== "number") return [];
  const chain = chainTo(records, scope, raw.parentId);
  const isOutput = isSameId(raw.target_id as FileId, NOWHERE);
  if (isOutput === isSameId(raw.origin_id as FileId, NOWHERE)) return [];
  const [node, slot] = isOutput ? [raw.origin_id, raw.origin_slot] : [raw.target_id, raw.target_slot];
  const at = isOutput ? chain.at(-1) : chain[0];
  if (!at || (typeof node !== "number" && typeof node !== "string") || typeof slot !== "number") return [];
  const side = isOutput ? "output" : "input";
  return [{ reroute: at.raw.id, parent: raw.parentId, side, node, slot, type: raw.type ?? "*" }];
}

/** A socket that is joined, or the loose end of a wire from it. */
export interface JoinedEnd {
  readonly node: FileId;
  readonly slot: number;
  readonly loose?: LooseEnd | undefined;
}

/**
 * Join an output to an input, of which at least one is at the other end of a wire that ends in the air: the
 * new wire is led through its reroutes.
 *
 * @throws RangeError A node or a slot does not exist.
 */
export function joinLoose(
  tx: Transaction,
  scope: Scope,
  output: JoinedEnd,
  input: JoinedEnd,
  catalogue: Catalogue,
): LinkRecord {
  const parent = input.loose?.parent ?? output.loose?.reroute;
  const first = input.loose && tx.reroute(scope, input.loose.reroute);
  if (first && output.loose) {
    tx.put({ ...first, raw: { ...first.raw, parentId: output.loose.reroute } });
  }
  const ends = { origin: output.node, originSlot: output.slot, target: input.node, targetSlot: input.slot };
  const link = connectValue(tx, scope, { ...ends, parent }, catalogue);
  for (const { loose } of [output, input]) if (loose) forget(tx, scope, loose);
  return link;
}

/** Take a loose end away; its reroutes stay. */
function forget(tx: Transaction, scope: Scope, { reroute, parent, side }: LooseEnd): void {
  const key = side === "output" ? "target_id" : "origin_id";
  amendLinks(tx, scope, (raw) =>
    raw.parentId === parent && isSameId(raw[key] as FileId, NOWHERE) ? [] : [raw],
  );
  mark(tx, scope, reroute, undefined);
}

function amendLinks(tx: Transaction, scope: Scope, change: (raw: JsonObject) => JsonObject[]): void {
  const list = tx.sheet(scope).rest.floatingLinks;
  if (!Array.isArray(list)) return;
  const before = list as readonly Json[];
  const floatingLinks = before.flatMap((raw): readonly Json[] => (isObject(raw) ? change(raw) : [raw]));
  if (floatingLinks.length !== before.length || floatingLinks.some((raw, at) => raw !== before[at]))
    amendRest(tx, scope, { floatingLinks });
}

/** Say that a wire ends at a reroute, or with undefined that none does. */
function mark(tx: Transaction, scope: Scope, id: number | undefined, floating: Json | undefined): void {
  const reroute = id === undefined ? undefined : tx.reroute(scope, id);
  if (!reroute) return;
  const { floating: _, ...others } = reroute.raw;
  const raw = floating === undefined ? others : { ...others, floating };
  tx.put({ ...reroute, raw: raw as RawReroute });
}

/** Let wires that end in the air, and are led through a reroute that goes, end at the one before it. */
export function loosenReroute(tx: Transaction, scope: Scope, { id, parentId, floating }: RawReroute): void {
  const own = looseEnds(tx, scope).filter((end) =>
    chainTo(tx, scope, end.parent).some(({ raw }) => raw.id === id),
  );
  for (const end of own) {
    const chain = chainTo(tx, scope, end.parent).map(({ raw }) => raw);
    const before = chain.at(-2);
    if (chain.length < 2 || (end.side === "output" && end.reroute === id && isShared(tx, scope, before))) {
      forget(tx, scope, end);
      continue;
    }
    amendLinks(tx, scope, (raw) => [
      raw.parentId === id && parentId !== undefined ? { ...raw, parentId } : raw,
    ]);
    if (end.reroute === id)
      mark(tx, scope, end.side === "output" ? parentId : chain[1]?.id, floating as Json);
  }
}

/** Tell whether another wire is led through a reroute than the one that ends in the air behind it. */
function isShared(tx: Transaction, scope: Scope, reroute: RawReroute | undefined): boolean {
  if (!reroute) return false;
  const ends = looseEnds(tx, scope).filter(({ parent }) =>
    chainTo(tx, scope, parent).some(({ raw }) => raw.id === reroute.id),
  );
  return (reroute.linkIds ?? []).length + ends.length > 1;
}

/** Take away the wires that end in the air and come from nodes that go, with the reroutes that only they had. */
export function dropLooseEnds(tx: Transaction, scope: Scope, nodes: Iterable<FileId>): void {
  const ids = new Set([...nodes].map(String));
  const own = looseEnds(tx, scope).filter(({ node }) => ids.has(String(node)));
  for (const end of own) {
    const chain = chainTo(tx, scope, end.parent).map(({ raw }) => raw.id);
    forget(tx, scope, end);
    settleReroutes(tx, scope, new Set(chain));
  }
}
