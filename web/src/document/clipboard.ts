/** Parts of a workflow as JSON that can be put in again: here, on another sheet, in another workflow. */

import { accepts } from "@/catalogue/socket-types";
import type { Records } from "./diff";
import { boundingOf } from "./groups";
import { connect, linksTouching } from "./links";
import { type Piece, type PieceLink, type Placed, placeCopy } from "./placed-copy";
import { pairOf } from "./placement";
import { readWorkflow } from "./read";
import {
  type DocumentRecord,
  isObject,
  type Json,
  type JsonObject,
  type LinkRecord,
  nodeId,
  type Point,
  type RawNode,
  type RecordId,
  ROOT,
  type Scope,
  sheetId,
  sheetOf,
} from "./records";
import { chainTo, settleReroutes } from "./reroute-chains";
import type { Transaction } from "./transaction";
import { newUuid } from "./uuid";
import { writeWorkflow } from "./write";

const FORMAT = "latentloom-clip";

/** A link from outside into a part. */
interface OuterLink extends PieceLink {
  /** Kind of the node that it comes from, so that it is found again only where it is the same. */
  readonly originType: string;
}

/** A part of a workflow. It is JSON. */
export interface Clip extends Piece {
  readonly format: typeof FORMAT;
  /** Links from outside, for pasting with wires. */
  readonly outer: readonly OuterLink[];
  /** JSON of the subgraphs that the nodes are instances of, and of those in these. */
  readonly definitions: readonly JsonObject[];
}

/** Return nodes, groups and reroutes of a sheet as a clip, with the links between the nodes. */
export function copyItems(records: Records, scope: Scope, ids: Iterable<RecordId>): Clip {
  const sheet = sheetOf(records, scope);
  const chosen = new Set(ids);
  const listed = (list: readonly RecordId[]) =>
    list.filter((id) => chosen.has(id)).map((id) => records.get(id));
  const nodes = listed(sheet?.nodes ?? [])
    .filter((one) => one?.kind === "node")
    .map(({ raw }) => raw);
  const groups = listed(sheet?.groups ?? [])
    .filter((one) => one?.kind === "group")
    .map(({ raw }) => raw);
  const inside = new Set(nodes.map(({ id }) => String(id)));
  const into = linksTouching(records, scope, inside).filter(({ target }) => inside.has(String(target)));
  const links = into.filter(({ origin }) => inside.has(String(origin)));
  const outside = into.filter(({ origin }) => !inside.has(String(origin)));
  // Points are copied with the links that are led through them.
  const points = new Map(
    links.flatMap(({ parent }) => chainTo(records, scope, parent)).map((one) => [one.raw.id, one.raw]),
  );
  return {
    format: FORMAT,
    nodes,
    groups,
    links: links.map(pieceLink),
    reroutes: [...points.values()],
    outer: outside.flatMap((link) => {
      const origin = records.get(nodeId(scope, link.origin));
      return origin?.kind === "node" ? [{ ...pieceLink(link), originType: origin.raw.type }] : [];
    }),
    definitions: definitionsFor(records, nodes),
  };
}

function pieceLink(record: LinkRecord): PieceLink {
  const { id, origin, originSlot, target, targetSlot, type, parent } = record;
  const link = { id, origin, originSlot, target, targetSlot, type };
  return parent === undefined ? link : { ...link, parent };
}

function definitionsFor(records: Records, nodes: readonly RawNode[]): JsonObject[] {
  const found = new Map<Scope, JsonObject>();
  const waiting = nodes.map(({ type }) => type);
  for (let type = waiting.pop(); type !== undefined; type = waiting.pop()) {
    const sheet = type === ROOT ? undefined : sheetOf(records, type);
    if (!sheet || found.has(type)) continue;
    const alone = new Map<RecordId, DocumentRecord>(records);
    alone.set(sheetId(ROOT), { ...sheet, scope: ROOT, definitions: [] });
    found.set(type, writeWorkflow(alone));
    for (const id of sheet.nodes) {
      const node = records.get(id);
      if (node?.kind === "node") waiting.push(node.raw.type);
    }
  }
  return [...found.values()];
}

/** Return the clip that a value is, or undefined where it is none. */
export function readClip(value: Json): Clip | undefined {
  if (!isObject(value) || value.format !== FORMAT) return undefined;
  const lists = [value.nodes, value.links, value.groups, value.reroutes, value.outer, value.definitions];
  if (!lists.every(Array.isArray)) return undefined;
  const clip = value as unknown as Clip;
  return clip.nodes.every(isNode) ? clip : undefined;
}

const isNode = (raw: unknown): boolean =>
  isObject(raw) && typeof raw.type === "string" && (typeof raw.id === "number" || typeof raw.id === "string");

/** Return the upper left corner of a clip. */
export function cornerOf({ nodes, groups, reroutes }: Clip): Point {
  const corners = [
    ...[...nodes, ...reroutes].map(({ pos }) => pairOf(pos, [0, 0])),
    ...groups.map((raw): Point => [boundingOf(raw)[0], boundingOf(raw)[1]]),
  ];
  if (corners.length === 0) return [0, 0];
  return [Math.min(...corners.map(([x]) => x)), Math.min(...corners.map(([, y]) => y))];
}

/**
 * Put a clip onto a sheet; return the ids of what came. Its subgraphs come as ones of their own.
 *
 * @param position Where its upper left corner comes to.
 * @param keepWires Whether it is joined to the outputs that it was joined to, as far as they are there.
 */
export function pasteClip(
  tx: Transaction,
  scope: Scope,
  clip: Clip,
  position: Point,
  { keepWires }: { readonly keepWires: boolean },
): readonly RecordId[] {
  const types = addDefinitions(tx, clip.definitions);
  const [left, top] = cornerOf(clip);
  const shift: Point = [position[0] - left, position[1] - top];
  const nodes = clip.nodes.map((raw) => ({ ...raw, type: types.get(raw.type) ?? raw.type }));
  const placed = placeCopy(tx, scope, { ...clip, nodes }, shift);
  if (keepWires) for (const link of clip.outer) joinOuter(tx, scope, placed, link);
  settleReroutes(tx, scope, new Set(placed.reroutes.values()));
  return placed.ids.filter((id) => tx.get(id));
}

function joinOuter(tx: Transaction, scope: Scope, placed: Placed, link: OuterLink): void {
  const { origin, originSlot, targetSlot } = link;
  const node = tx.node(scope, origin);
  const target = placed.nodes.get(String(link.target));
  const output = node?.raw.type === link.originType ? node.raw.outputs?.[originSlot] : undefined;
  const input = target === undefined ? undefined : tx.node(scope, target)?.raw.inputs?.[targetSlot];
  if (target === undefined || !output || !input || !accepts(output.type, input.type)) return;
  connect(tx, scope, { origin, originSlot, target, targetSlot });
}

/** Add copies of definitions, with ids of their own; return these by those that they had. */
function addDefinitions(tx: Transaction, definitions: readonly JsonObject[]): ReadonlyMap<string, Scope> {
  const ids = new Map(definitions.map(({ id }) => [String(id), newUuid()]));
  const copies = definitions.map((json) => renamed(json, ids));
  const read = readWorkflow({ nodes: [], definitions: { subgraphs: copies } });
  for (const record of read.values()) if (record.scope !== ROOT) tx.put(record);
  if (copies.length > 0) {
    const root = tx.sheet(ROOT);
    tx.put({ ...root, definitions: [...root.definitions, ...copies.map(({ id }) => String(id))] });
  }
  return ids;
}

function renamed(json: JsonObject, ids: ReadonlyMap<string, Scope>): JsonObject {
  const nodes = Array.isArray(json.nodes) ? (json.nodes as readonly Json[]).filter(isObject) : [];
  const id = ids.get(String(json.id)) ?? newUuid();
  return {
    ...json,
    id,
    nodes: nodes.map((raw) => ({ ...raw, type: ids.get(String(raw.type)) ?? raw.type ?? "" })),
  };
}
