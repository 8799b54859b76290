/** Links: made and taken away, with what the nodes at both ends say about them. */

import type { InputDefinition, NodeDefinition } from "@/catalogue/definitions";
import { acceptsValueOf, hasWidget, inputNamed } from "@/catalogue/slots";
import { freedPrimitive, PRIMITIVE } from "@/catalogue/virtual-kinds";
import { keepingPromotedValues } from "./promoted-values";
import {
  type FileId,
  isObject,
  type Json,
  type JsonObject,
  type LinkRecord,
  linkId,
  type NodeRecord,
  type RawInput,
  type RawOutput,
  type RecordSource,
  type Scope,
  SUBGRAPH_INPUT,
  SUBGRAPH_OUTPUT,
  sheetOf,
} from "./records";
import { chainTo, settleReroutes } from "./reroute-chains";
import { amendRest, dropRecords, isSameId, listRecords, newId } from "./sheet-lists";
import type { Transaction } from "./transaction";

/** The two ends of a link: `origin` may be a subgraph's own inputs (-10), `target` its outputs (-20). */
export interface LinkEnds {
  readonly origin: FileId;
  readonly originSlot: number;
  readonly target: FileId;
  readonly targetSlot: number;
  /** Id of the last reroute on the way to the target, where the link is led through some. */
  readonly parent?: number | undefined;
}

/**
 * Join an output to an input; what was on the input before goes.
 *
 * @throws RangeError A node or a slot does not exist.
 */
export function connect(tx: Transaction, scope: Scope, ends: LinkEnds): LinkRecord {
  const { origin } = ends;
  if (Number(origin) === SUBGRAPH_INPUT) {
    return keepingPromotedValues(tx, scope, () => join(tx, scope, ends));
  }
  return join(tx, scope, ends);
}

function join(tx: Transaction, scope: Scope, ends: LinkEnds): LinkRecord {
  const { origin, originSlot, target, targetSlot, parent } = ends;
  const given = originSocket(tx, scope, origin, originSlot);
  const wanted = targetSocket(tx, scope, target, targetSlot);
  for (const old of linksInto(tx, scope, target, targetSlot)) disconnect(tx, scope, old);
  const id = newId(tx, scope, "link");
  const type = isWildcard(wanted.type) ? given.type : wanted.type;
  const link: LinkRecord = { kind: "link", scope, id, origin, originSlot, target, targetSlot, type, parent };
  addLink(tx, link);
  settleReroutes(tx, scope, chainIds(tx, link));
  return link;
}

/** Return the ids of the reroutes that a link is led through. */
export function chainIds(tx: Transaction, link: LinkRecord): ReadonlySet<number> {
  return new Set(chainTo(tx, link.scope, link.parent).map(({ raw }) => raw.id));
}

/** Add a link as it is, and write it into the sockets of both its ends; it gets the form of its sheet. */
export function addLink(tx: Transaction, { raw: _, repaired: __, ...link }: LinkRecord): void {
  tx.put(link);
  listRecords(tx, link.scope, "links", [linkId(link.scope, link.id)]);
  holdLink(tx, link.scope, link);
}

/**
 * Take a link away, and reroutes that no link is left for.
 *
 * @throws RangeError The sheet has no such link.
 */
export function disconnect(tx: Transaction, scope: Scope, id: FileId): void {
  const link = tx.link(scope, id);
  if (!link) throw new RangeError(`the sheet "${scope}" has no link ${id}`);
  const part = () => {
    releaseLink(tx, scope, link);
    dropRecords(tx, scope, "links", new Set([linkId(scope, id)]));
  };
  if (Number(link.origin) === SUBGRAPH_INPUT) keepingPromotedValues(tx, scope, part);
  else part();
  freeOrigin(tx, link);
  settleReroutes(tx, scope, chainIds(tx, link));
}

function freeOrigin(tx: Transaction, { scope, origin }: LinkRecord): void {
  const node = tx.node(scope, origin);
  if (node?.raw.type !== PRIMITIVE.type || node.raw.outputs?.some(({ links }) => links?.length)) return;
  tx.put({ ...node, raw: freedPrimitive(node.raw) });
}

/** Return the ids of the links that end at a slot: at most one at a node. */
export function linksInto(tx: Transaction, scope: Scope, target: FileId, slot: number): FileId[] {
  if (Number(target) === SUBGRAPH_OUTPUT) {
    return portLinks(tx, scope, "outputs", slot).filter((id) => tx.link(scope, id));
  }
  const id = tx.node(scope, target)?.raw.inputs?.[slot]?.link;
  return id !== undefined && id !== null && tx.link(scope, id) ? [id] : [];
}

/** Return the links that begin or end at some nodes, in the order of the sheet. */
export function linksTouching(records: RecordSource, scope: Scope, nodes: Iterable<FileId>): LinkRecord[] {
  const ids = new Set([...nodes].map(String));
  const links = (sheetOf(records, scope)?.links ?? []).map((id) => records.get(id));
  return links
    .filter((link) => link?.kind === "link")
    .filter(({ origin, target }) => ids.has(String(origin)) || ids.has(String(target)));
}

/** Write a link into the sockets of both its ends. */
export function holdLink(tx: Transaction, scope: Scope, link: LinkRecord): void {
  if (Number(link.origin) === SUBGRAPH_INPUT)
    amendPort(tx, scope, "inputs", link.originSlot, withId(link.id));
  else amendOutput(tx, scope, link.origin, link.originSlot, withId(link.id));
  if (Number(link.target) === SUBGRAPH_OUTPUT)
    amendPort(tx, scope, "outputs", link.targetSlot, withId(link.id));
  else amendInput(tx, scope, link.target, link.targetSlot, { link: link.id });
}

/** Take a link out of the sockets of both its ends; the link itself stays. */
export function releaseLink(tx: Transaction, scope: Scope, link: LinkRecord): void {
  if (Number(link.origin) === SUBGRAPH_INPUT)
    amendPort(tx, scope, "inputs", link.originSlot, withoutId(link.id));
  else amendOutput(tx, scope, link.origin, link.originSlot, withoutId(link.id));
  if (Number(link.target) === SUBGRAPH_OUTPUT) {
    amendPort(tx, scope, "outputs", link.targetSlot, withoutId(link.id));
  } else if (isSameId(tx.node(scope, link.target)?.raw.inputs?.[link.targetSlot]?.link, link.id)) {
    amendInput(tx, scope, link.target, link.targetSlot, { link: null });
  }
}

type ChangeOfIds = (ids: readonly FileId[]) => readonly FileId[];

const withId =
  (id: FileId): ChangeOfIds =>
  (ids) =>
    ids.some((one) => isSameId(one, id)) ? ids : [...ids, id];

const withoutId =
  (id: FileId): ChangeOfIds =>
  (ids) =>
    ids.filter((one) => !isSameId(one, id));

/** Change what an input of a node says. */
export function amendInput(
  tx: Transaction,
  scope: Scope,
  id: FileId,
  slot: number,
  change: Partial<RawInput>,
): void {
  const node = tx.needNode(scope, id);
  const inputs = (node.raw.inputs ?? []).map((input, at) => (at === slot ? { ...input, ...change } : input));
  tx.put({ ...node, raw: { ...node.raw, inputs: inputs as RawInput[] } });
}

function amendOutput(tx: Transaction, scope: Scope, id: FileId, slot: number, change: ChangeOfIds): void {
  const node = tx.node(scope, id);
  const output = node?.raw.outputs?.[slot];
  if (!node || !output) return;
  const before = output.links ?? [];
  const links = change(before);
  if (links.length === before.length) return;
  const outputs = (node.raw.outputs ?? []).map((one, at) => (at === slot ? { ...one, links } : one));
  tx.put({ ...node, raw: { ...node.raw, outputs: outputs as RawOutput[] } });
}

/** Return the inputs or outputs that a subgraph has, as its definition's JSON has them. */
export function portsOf(rest: JsonObject, side: "inputs" | "outputs"): readonly JsonObject[] {
  const ports = rest[side];
  return Array.isArray(ports) ? (ports as readonly Json[]).filter(isObject) : [];
}

function portLinks(
  tx: Transaction,
  scope: Scope,
  side: "inputs" | "outputs",
  slot: number,
): readonly FileId[] {
  const ids = portsOf(tx.sheet(scope).rest, side)[slot]?.linkIds;
  return Array.isArray(ids) ? (ids as readonly FileId[]) : [];
}

function amendPort(
  tx: Transaction,
  scope: Scope,
  side: "inputs" | "outputs",
  slot: number,
  change: ChangeOfIds,
): void {
  const before = portLinks(tx, scope, side, slot);
  const linkIds = change(before);
  if (linkIds.length === before.length) return;
  const ports = portsOf(tx.sheet(scope).rest, side);
  amendRest(tx, scope, { [side]: ports.map((port, at) => (at === slot ? { ...port, linkIds } : port)) });
}

function originSocket(tx: Transaction, scope: Scope, id: FileId, slot: number): { readonly type: Json } {
  if (Number(id) === SUBGRAPH_INPUT) return portAt(tx, scope, "inputs", slot);
  const output = tx.needNode(scope, id).raw.outputs?.[slot];
  if (!output) throw new RangeError(`node ${id} has no output ${slot}`);
  return output;
}

function targetSocket(tx: Transaction, scope: Scope, id: FileId, slot: number): { readonly type: Json } {
  if (Number(id) === SUBGRAPH_OUTPUT) return portAt(tx, scope, "outputs", slot);
  const input = tx.needNode(scope, id).raw.inputs?.[slot];
  if (!input) throw new RangeError(`node ${id} has no input ${slot}`);
  return input;
}

function portAt(tx: Transaction, scope: Scope, side: "inputs" | "outputs", slot: number) {
  const port = portsOf(tx.sheet(scope).rest, side)[slot];
  if (!port) throw new RangeError(`the subgraph "${scope}" has no ${side.slice(0, -1)} ${slot}`);
  return { type: port.type ?? "*" };
}

function isWildcard(type: Json | undefined): boolean {
  return type === undefined || type === null || type === "*" || type === "" || type === 0;
}

/**
 * Return the slot of an input by its name. Files leave out sockets of widgets; one that is missing is added.
 *
 * @throws RangeError The node has no such input, or one that nothing can be joined to.
 */
export function inputSlotOf(
  tx: Transaction,
  node: NodeRecord,
  definition: NodeDefinition | undefined,
  name: string,
): number {
  const { raw } = tx.needNode(node.scope, node.raw.id);
  const inputs = raw.inputs ?? [];
  const slot = inputs.findIndex((input) => input.name === name || input.widget?.name === name);
  if (slot >= 0) return slot;
  const input = definition && inputNamed(definition, raw, name);
  if (!input || !acceptsValueOf(input)) throw new RangeError(`node ${raw.id} has no input "${name}"`);
  tx.put({ ...node, raw: { ...raw, inputs: [...inputs, socketOf(input)] } });
  return inputs.length;
}

/** Return a new socket for an input. */
export function socketOf(input: InputDefinition): RawInput {
  const socket: RawInput = { name: input.name, type: input.type, link: null };
  return hasWidget(input) ? { ...socket, widget: { name: input.name } } : socket;
}
