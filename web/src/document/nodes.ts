/** Nodes, and what is done to nodes, groups and reroutes alike: moved, taken away. */

import type { NodeDefinition } from "@/catalogue/definitions";
import { acceptsValueOf, defaultOf, hasWidget, inputsOf, widgetSlots } from "@/catalogue/slots";
import { boundingOf } from "./groups";
import { disconnect, linksTouching, socketOf } from "./links";
import { dropLooseEnds } from "./loose-ends";
import { pairLike, pairOf } from "./placement";
import {
  type FileId,
  type GroupRecord,
  idOf,
  type JsonObject,
  type NodeRecord,
  nodeId,
  type Point,
  type RawInput,
  type RawNode,
  type RecordId,
  type RerouteRecord,
  type Scope,
  type Size,
} from "./records";
import { removeReroute } from "./reroutes";
import { dropRecords, listRecords, newId } from "./sheet-lists";
import { dropUnusedDefinitions } from "./subgraph-definitions";
import type { Transaction } from "./transaction";

const WIDTH = 270;
const TEXT_WIDTH = 400;
const SLOT_HEIGHT = 20;
const WIDGET_HEIGHT = 24;
const TEXT_HEIGHT = 130;

/** Return the upper left corner of a node's body; its title lies above. */
export function positionOf(raw: RawNode): Point {
  return pairOf(raw.pos, [0, 0]);
}

/** Return the size of a node's body, as the file has it. */
export function sizeOf(raw: RawNode): Size {
  return pairOf(raw.size, [WIDTH, 100]);
}

/** Return what a node is called: by its user, else by its kind. */
export function titleOf(raw: RawNode, definition?: NodeDefinition): string {
  return raw.title || definition?.title || raw.type;
}

/** Tell whether a node is collapsed or pinned. */
export function flagOf(raw: RawNode, flag: "collapsed" | "pinned"): boolean {
  return raw.flags?.[flag] === true;
}

/** Add a node of a kind with the values that it starts with; `position` is the upper left corner of its body. */
export function addNode(
  tx: Transaction,
  scope: Scope,
  definition: NodeDefinition,
  position: Point,
): NodeRecord {
  const id = newId(tx, scope, "node");
  const raw = freshNode(definition, id, position, tx.sheet(scope).nodes.length);
  const node: NodeRecord = { kind: "node", scope, raw };
  tx.put(node);
  listRecords(tx, scope, "nodes", [nodeId(scope, id)]);
  return node;
}

function freshNode(definition: NodeDefinition, id: number, pos: Point, order: number): RawNode {
  const { type, subgraph, virtual } = definition;
  const bare: RawNode = { id, type, pos: [...pos], size: [0, 0], flags: {}, order, mode: 0 };
  const slots = widgetSlots(definition, bare);
  const properties: JsonObject = virtual || subgraph ? {} : { "Node name for S&R": type };
  const values = slots.map(defaultOf);
  const raw: RawNode = {
    ...bare,
    inputs: freshInputs(definition, bare),
    outputs: definition.outputs.map(({ name, type: kind, freeType }) => ({
      name,
      type: freeType ?? kind,
      links: null,
    })),
    properties,
    ...(values.length > 0 && { widgets_values: values }),
  };
  const texts = slots.filter(({ kind }) => kind === "multiline").length;
  const rows = Math.max(raw.inputs?.filter(({ widget }) => !widget).length ?? 0, definition.outputs.length);
  const height = rows * SLOT_HEIGHT + (slots.length - texts) * WIDGET_HEIGHT + texts * TEXT_HEIGHT + 10;
  return { ...raw, size: [texts > 0 ? TEXT_WIDTH : WIDTH, height] };
}

/** Sockets of their own come first, then those of widgets, as ComfyUI writes them. */
function freshInputs(definition: NodeDefinition, bare: RawNode): RawInput[] {
  const inputs = inputsOf(definition, bare).filter(acceptsValueOf);
  return [...inputs.filter((one) => !hasWidget(one)), ...inputs.filter(hasWidget)].map(socketOf);
}

/** Change what a node's JSON says; a key with undefined is taken away. */
export function amendNode(tx: Transaction, scope: Scope, id: FileId, patch: Partial<RawNode>): void {
  const node = tx.needNode(scope, id);
  tx.put({ ...node, raw: withKeys(node.raw, patch) as RawNode });
}

/** Return an object with some keys changed; those with undefined are taken away, the others keep their order. */
function withKeys(
  raw: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const whole: Record<string, unknown> = { ...raw, ...patch };
  for (const key of Object.keys(patch)) if (patch[key] === undefined) delete whole[key];
  return whole;
}

/** Give a node's body another size. */
export function resizeNode(tx: Transaction, scope: Scope, id: FileId, size: Size): void {
  amendNode(tx, scope, id, { size: pairLike(tx.needNode(scope, id).raw.size, size) });
}

/** Set the mode of nodes, such as `MODE.muted`. */
export function setMode(tx: Transaction, scope: Scope, ids: Iterable<FileId>, mode: number): void {
  for (const id of ids) if (tx.needNode(scope, id).raw.mode !== mode) amendNode(tx, scope, id, { mode });
}

/** Collapse or pin a node, or undo that. */
export function setFlag(
  tx: Transaction,
  scope: Scope,
  id: FileId,
  flag: "collapsed" | "pinned",
  on: boolean,
): void {
  const { flags } = tx.needNode(scope, id).raw;
  amendNode(tx, scope, id, { flags: withKeys(flags ?? {}, { [flag]: on || undefined }) as JsonObject });
}

/** Move nodes, groups and reroutes to new places (upper left corners; of a reroute, its middle). */
export function moveItems(tx: Transaction, moves: ReadonlyMap<RecordId, Point>): void {
  for (const [id, [x, y]] of moves) {
    const record = tx.get(id);
    if (record?.kind === "node")
      tx.put({ ...record, raw: { ...record.raw, pos: pairLike(record.raw.pos, [x, y]) } });
    else if (record?.kind === "reroute") {
      tx.put({ ...record, raw: { ...record.raw, pos: pairLike(record.raw.pos, [x, y]) } });
    } else if (record?.kind === "group") {
      const [, , width, height] = boundingOf(record.raw);
      tx.put({ ...record, raw: { ...record.raw, bounding: [x, y, width, height] } });
    } else throw new RangeError(`the document has nothing to move with the id "${id}"`);
  }
}

/**
 * Take away nodes with their links, groups (what lies on them stays), and reroutes. Subgraphs of which no
 * instance is left go too.
 */
export function removeItems(tx: Transaction, scope: Scope, ids: Iterable<RecordId>): void {
  const records = [...ids].map((id) => itemOn(tx, scope, id));
  const nodes = records.filter((record) => record.kind === "node");
  const links = linksTouching(
    tx,
    scope,
    nodes.map(({ raw }) => raw.id),
  );
  for (const link of links) disconnect(tx, scope, link.id);
  dropLooseEnds(
    tx,
    scope,
    nodes.map(({ raw }) => raw.id),
  );
  for (const record of records) {
    if (record.kind === "reroute" && tx.get(idOf(record))) removeReroute(tx, scope, record.raw.id);
  }
  const groups = records.filter(({ kind }) => kind === "group");
  dropRecords(tx, scope, "groups", new Set(groups.map(idOf)));
  dropRecords(tx, scope, "nodes", new Set(nodes.map(idOf)));
  dropUnusedDefinitions(tx, new Set(nodes.map(({ raw }) => raw.type)));
}

function itemOn(tx: Transaction, scope: Scope, id: RecordId): NodeRecord | GroupRecord | RerouteRecord {
  const record = tx.get(id);
  if (record?.scope === scope && record.kind !== "link" && record.kind !== "sheet") return record;
  throw new RangeError(`the sheet "${scope}" has nothing to take away with the id "${id}"`);
}
