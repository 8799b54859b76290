/** An instance of a subgraph taken apart: what is inside takes its place. */

import type { Catalogue } from "@/catalogue/definitions";
import { widgetSlots } from "@/catalogue/slots";
import { boundsAround } from "./groups";
import { chainIds, connect, holdLink, linksInto, linksTouching, releaseLink } from "./links";
import { amendNode, positionOf, removeItems, sizeOf } from "./nodes";
import { type Piece, type Placed, placeCopy } from "./placed-copy";
import { promotedKeys } from "./promoted-values";
import {
  type FileId,
  idOf,
  type Json,
  type LinkRecord,
  type NodeRecord,
  type Point,
  type RecordId,
  type Scope,
  type SheetRecord,
  SUBGRAPH_INPUT,
  SUBGRAPH_OUTPUT,
} from "./records";
import { settleReroutes } from "./reroute-chains";
import { isSameId } from "./sheet-lists";
import { inputOf } from "./subgraph-ports";
import { nodeDefinitionOf, subgraphInputs, subgraphOf } from "./subgraphs";
import type { Transaction } from "./transaction";
import { setValue, widgetValue } from "./values";

/** Owner of the subgraph's own inputs among promoted widgets. */
const OWN = "-1";

/**
 * Put what is inside an instance in its place, joined to what the instance was joined to; return the ids of
 * what came. The nodes get the values that the instance had for their widgets, and its mode where it did
 * not run.
 *
 * @throws RangeError The node does not exist, or is no instance of a subgraph.
 */
export function unpackSubgraph(
  tx: Transaction,
  scope: Scope,
  id: FileId,
  catalogue: Catalogue,
): readonly RecordId[] {
  const instance = tx.needNode(scope, id);
  const sheet = subgraphOf(tx, instance.raw);
  if (!sheet) throw new RangeError(`node ${id} is no subgraph`);
  const placed = placeCopy(tx, scope, pieceOf(tx, sheet), shiftOf(tx, instance, sheet));
  const unpacked: Unpacked = { tx, scope, instance, sheet, placed };
  handDown(unpacked, catalogue);
  for (const link of linksOn(tx, sheet)) if (isSameId(link.origin, SUBGRAPH_INPUT)) joinInput(unpacked, link);
  for (const link of linksTouching(tx, scope, [id]))
    if (isSameId(link.origin, id)) joinOutput(unpacked, link);
  const { mode } = instance.raw;
  if (mode) for (const node of placed.nodes.values()) amendNode(tx, scope, node, { mode });
  removeItems(tx, scope, [idOf(instance)]);
  settleReroutes(tx, scope, new Set(placed.reroutes.values()));
  return placed.ids.filter((one) => tx.get(one));
}

interface Unpacked {
  readonly tx: Transaction;
  readonly scope: Scope;
  readonly instance: NodeRecord;
  readonly sheet: SheetRecord;
  readonly placed: Placed;
}

function linksOn(tx: Transaction, sheet: SheetRecord): LinkRecord[] {
  return sheet.links.map((id) => tx.get(id)).filter((link) => link?.kind === "link");
}

/** Return all that lies on a sheet. */
function pieceOf(tx: Transaction, sheet: SheetRecord): Piece {
  const nodes = sheet.nodes.map((id) => tx.get(id)).filter((record) => record?.kind === "node");
  const groups = sheet.groups.map((id) => tx.get(id)).filter((record) => record?.kind === "group");
  const reroutes = sheet.reroutes.map((id) => tx.get(id)).filter((record) => record?.kind === "reroute");
  return {
    nodes: nodes.map(({ raw }) => raw),
    groups: groups.map(({ raw }) => raw),
    reroutes: reroutes.map(({ raw }) => raw),
    links: linksOn(tx, sheet).map(({ parent, ...link }) =>
      parent === undefined ? link : { ...link, parent },
    ),
  };
}

/** The middle of what was inside comes to where the middle of the instance was. */
function shiftOf(tx: Transaction, { raw }: NodeRecord, sheet: SheetRecord): Point {
  const bounds = boundsAround(tx, [...sheet.nodes, ...sheet.groups]);
  if (!bounds) return [0, 0];
  const [x, y] = positionOf(raw);
  const [width, height] = sizeOf(raw);
  const shift = (corner: number, size: number, left: number, room: number) =>
    Math.round(left + room / 2 - (corner + size / 2));
  return [shift(bounds[0], bounds[2], x, width), shift(bounds[1], bounds[3], y, height)];
}

function placedId({ placed }: Unpacked, id: FileId): number | undefined {
  return placed.nodes.get(String(id));
}

/** Return where a subgraph's input comes from outside; undefined where nothing is joined to it. */
function sourceOf({ tx, scope, instance, sheet }: Unpacked, slot: number): LinkRecord | undefined {
  const port = subgraphInputs(sheet)[slot];
  const place = port ? inputOf(instance, port.name) : -1;
  const [link] = place < 0 ? [] : linksInto(tx, scope, instance.raw.id, place);
  return link === undefined ? undefined : tx.link(scope, link);
}

function joinInput(unpacked: Unpacked, inner: LinkRecord): void {
  const { tx, scope, placed } = unpacked;
  const source = sourceOf(unpacked, inner.originSlot);
  const target = placedId(unpacked, inner.target);
  if (!source || target === undefined) return;
  // What was led through points inside, too, is now led through those outside first.
  const [first] = chainIds(tx, inner);
  const parent = inner.parent === undefined ? source.parent : placed.reroutes.get(inner.parent);
  const begin = first === undefined ? undefined : placed.reroutes.get(first);
  const reroute = begin === undefined ? undefined : tx.reroute(scope, begin);
  if (reroute && source.parent !== undefined) {
    tx.put({ ...reroute, raw: { ...reroute.raw, parentId: source.parent } });
  }
  const { origin, originSlot } = source;
  const link = connect(tx, scope, { origin, originSlot, target, targetSlot: inner.targetSlot, parent });
  tx.put({ ...link, type: inner.type });
}

function joinOutput(unpacked: Unpacked, outer: LinkRecord): void {
  const { tx, scope, sheet, placed } = unpacked;
  const inner = linksOn(tx, sheet).find(
    (link) => isSameId(link.target, SUBGRAPH_OUTPUT) && link.targetSlot === outer.originSlot,
  );
  if (!inner) return;
  const through = isSameId(inner.origin, SUBGRAPH_INPUT) ? sourceOf(unpacked, inner.originSlot) : undefined;
  const origin = through ? through.origin : placedId(unpacked, inner.origin);
  if (origin === undefined) return;
  const chain = chainIds(tx, outer);
  releaseLink(tx, scope, outer);
  const last = inner.parent === undefined ? undefined : placed.reroutes.get(inner.parent);
  const joined = { ...outer, origin, originSlot: through ? through.originSlot : inner.originSlot };
  const led = outer.parent === undefined && last !== undefined ? { ...joined, parent: last } : joined;
  tx.put(led);
  holdLink(tx, scope, led);
  settleReroutes(tx, scope, new Set([...chain, ...chainIds(tx, led)]));
}

/** Give nodes inside the values that the instance had for their widgets, unless something was joined there. */
function handDown(unpacked: Unpacked, catalogue: Catalogue): void {
  const { tx, instance, sheet } = unpacked;
  const definition = nodeDefinitionOf(tx, catalogue, instance.raw, instance.scope);
  const slots = widgetSlots(definition, instance.raw);
  promotedKeys(tx, sheet, instance).forEach((key, at) => {
    const slot = slots.find(({ index }) => index === at);
    const [owner = "", ...rest] = key.split(":");
    const name = rest.join(":");
    const value = slot?.input ? widgetValue(instance.raw, slot) : null;
    const port = owner === OWN ? subgraphInputs(sheet).findIndex((one) => one.name === name) : -1;
    if (value === null || sourceOf(unpacked, port)) return;
    for (const [id, inner] of widgetsBehind(tx, sheet, owner, name))
      setInner(unpacked, catalogue, id, inner, value);
  });
}

function setInner(unpacked: Unpacked, catalogue: Catalogue, id: FileId, name: string, value: Json): void {
  const { tx, scope } = unpacked;
  const placed = placedId(unpacked, id);
  const node = placed === undefined ? undefined : tx.node(scope, placed);
  if (!node) return;
  const definition = nodeDefinitionOf(tx, catalogue, node.raw, scope);
  const slot = widgetSlots(definition, node.raw).find((one) => one.sent && one.name === name);
  if (slot && widgetValue(node.raw, slot) !== value) setValue(tx, scope, node.raw.id, slot, value);
}

/** Return the widgets inside that a promoted one stands for, as (node, widget). */
function widgetsBehind(tx: Transaction, sheet: SheetRecord, owner: string, name: string): [FileId, string][] {
  if (owner !== OWN) return [[owner, name]];
  const port = subgraphInputs(sheet).findIndex((one) => one.name === name);
  return linksOn(tx, sheet)
    .filter((link) => isSameId(link.origin, SUBGRAPH_INPUT) && link.originSlot === port)
    .flatMap((link) => {
      const input = tx.node(sheet.scope, link.target)?.raw.inputs?.[link.targetSlot];
      return input?.widget ? [[link.target, input.widget.name] as [FileId, string]] : [];
    });
}
