/** Inputs and outputs of subgraphs: added, renamed, taken away, with the sockets of every instance. */

import { connect, disconnect, linksInto, portsOf } from "./links";
import { keepingPromotedValues } from "./promoted-values";
import {
  type FileId,
  isObject,
  type Json,
  type JsonObject,
  type NodeRecord,
  type RawInput,
  type RawNode,
  type RawOutput,
  type Scope,
  SUBGRAPH_INPUT,
  SUBGRAPH_OUTPUT,
} from "./records";
import { amendRest, isSameId } from "./sheet-lists";
import { instancesOf } from "./subgraphs";
import type { Transaction } from "./transaction";
import { newUuid } from "./uuid";

type Side = "inputs" | "outputs";

/** Return a name that none of some others is, by a number behind it. */
export function uniqueName(name: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  let unique = name;
  for (let at = 1; names.has(unique); at++) unique = `${name}_${at}`;
  return unique;
}

/**
 * Add an input to a subgraph, and a socket to each of its instances; return its place.
 *
 * @param widget Whether it stands for a widget inside: then the sockets of the instances do too.
 */
function addSubgraphInput(tx: Transaction, scope: Scope, name: string, type: Json, widget = false): number {
  const { slot, unique } = addPort(tx, scope, "inputs", name, type);
  for (const node of instancesOf(tx, scope)) {
    const socket: RawInput = { name: unique, type, link: null, ...(widget && { widget: { name: unique } }) };
    const raw = { ...node.raw, inputs: [...(node.raw.inputs ?? []), socket] };
    tx.put({ ...node, raw: widget ? showingWidget(raw, unique) : raw });
  }
  return slot;
}

/** Some instances tell which widgets they show; then a new one has to be among them. */
function showingWidget(raw: RawNode, name: string): RawNode {
  const proxies = raw.properties?.proxyWidgets;
  if (!Array.isArray(proxies) || proxies.length === 0) return raw;
  return { ...raw, properties: { ...raw.properties, proxyWidgets: [...proxies, ["-1", name]] } };
}

/** Add an output to a subgraph, and a socket to each of its instances; return its place. */
function addSubgraphOutput(tx: Transaction, scope: Scope, name: string, type: Json): number {
  const { slot, unique } = addPort(tx, scope, "outputs", name, type);
  for (const node of instancesOf(tx, scope)) {
    const socket: RawOutput = { name: unique, type, links: null };
    tx.put({ ...node, raw: { ...node.raw, outputs: [...(node.raw.outputs ?? []), socket] } });
  }
  return slot;
}

function addPort(tx: Transaction, scope: Scope, side: Side, name: string, type: Json) {
  const ports = portsOf(tx.sheet(scope).rest, side);
  const unique = uniqueName(
    name,
    ports.map((port) => String(port.name)),
  );
  const port: JsonObject = { id: newUuid(), name: unique, type, linkIds: [] };
  amendRest(tx, scope, { [side]: [...ports, port] });
  return { slot: ports.length, unique };
}

/**
 * Call an input or output of a subgraph something else, also at its instances. Its name stays what links go by.
 *
 * @throws RangeError There is no such input or output.
 */
export function renameSubgraphPort(
  tx: Transaction,
  scope: Scope,
  side: Side,
  slot: number,
  label: string,
): void {
  const ports = portsOf(tx.sheet(scope).rest, side);
  const port = ports[slot];
  if (!port) throw new RangeError(`the subgraph "${scope}" has no ${side.slice(0, -1)} ${slot}`);
  amendRest(tx, scope, { [side]: ports.map((one) => (one === port ? { ...one, label } : one)) });
  for (const node of instancesOf(tx, scope)) {
    const place = side === "inputs" ? inputOf(node, String(port.name)) : slot;
    const sockets = node.raw[side] ?? [];
    if (!sockets[place]) continue;
    const renamed = sockets.map((socket, at) => (at === place ? { ...socket, label } : socket));
    tx.put({ ...node, raw: { ...node.raw, [side]: renamed } });
  }
}

/** Return the place of an instance's socket of an input; files leave out those that stand for a widget. */
export function inputOf(node: NodeRecord, name: string): number {
  return (node.raw.inputs ?? []).findIndex((input) => input.name === name);
}

/**
 * Take an input away from a subgraph, with its links inside and at the instances.
 *
 * @throws RangeError There is no such input.
 */
export function removeSubgraphInput(tx: Transaction, scope: Scope, slot: number): void {
  const port = portsOf(tx.sheet(scope).rest, "inputs")[slot];
  if (!port) throw new RangeError(`the subgraph "${scope}" has no input ${slot}`);
  const name = String(port.name);
  keepingPromotedValues(tx, scope, () => {
    for (const node of instancesOf(tx, scope)) forgetWidget(tx, node, name);
  });
  for (const link of linksAt(tx, scope, "origin", SUBGRAPH_INPUT)) {
    if (link.originSlot === slot) disconnect(tx, scope, link.id);
  }
  for (const link of linksAt(tx, scope, "origin", SUBGRAPH_INPUT)) {
    if (link.originSlot > slot) tx.put({ ...link, originSlot: link.originSlot - 1 });
  }
  for (const node of instancesOf(tx, scope)) {
    const place = inputOf(node, name);
    if (place >= 0) removeInput(tx, node, place);
  }
  dropPort(tx, scope, "inputs", slot);
}

/** Take a widget out of what an instance says about those it shows. */
function forgetWidget(tx: Transaction, node: NodeRecord, name: string): void {
  const { properties, widgets_values: values } = node.raw;
  const proxies = properties?.proxyWidgets;
  const isOwn = (entry: Json) => Array.isArray(entry) && String(entry[0]) === "-1" && entry[1] === name;
  let raw = node.raw;
  if (Array.isArray(proxies) && proxies.some(isOwn)) {
    raw = { ...raw, properties: { ...properties, proxyWidgets: proxies.filter((entry) => !isOwn(entry)) } };
  }
  if (isObject(values) && name in values) {
    const { [name]: _, ...others } = values;
    raw = { ...raw, widgets_values: others };
  }
  if (raw !== node.raw) tx.put({ ...node, raw });
}

/**
 * Take an output away from a subgraph, with its links inside and at the instances.
 *
 * @throws RangeError There is no such output.
 */
export function removeSubgraphOutput(tx: Transaction, scope: Scope, slot: number): void {
  if (!portsOf(tx.sheet(scope).rest, "outputs")[slot]) {
    throw new RangeError(`the subgraph "${scope}" has no output ${slot}`);
  }
  for (const node of instancesOf(tx, scope)) removeOutput(tx, node, slot);
  for (const link of linksAt(tx, scope, "target", SUBGRAPH_OUTPUT)) {
    if (link.targetSlot === slot) disconnect(tx, scope, link.id);
    else if (link.targetSlot > slot) tx.put({ ...link, targetSlot: link.targetSlot - 1 });
  }
  dropPort(tx, scope, "outputs", slot);
}

function dropPort(tx: Transaction, scope: Scope, side: Side, slot: number): void {
  const ports = portsOf(tx.sheet(scope).rest, side);
  amendRest(tx, scope, { [side]: ports.filter((_, at) => at !== slot) });
}

function linksAt(tx: Transaction, scope: Scope, end: "origin" | "target", id: FileId) {
  const links = tx
    .sheet(scope)
    .links.map((one) => tx.get(one))
    .filter((link) => link?.kind === "link");
  return links.filter((link) => isSameId(link[end], id));
}

/** Take a socket away from a node; links at the sockets after it move up. */
function removeInput(tx: Transaction, { scope, raw: { id } }: NodeRecord, slot: number): void {
  for (const link of linksInto(tx, scope, id, slot)) disconnect(tx, scope, link);
  const node = tx.needNode(scope, id);
  for (const link of linksAt(tx, scope, "target", id)) {
    if (link.targetSlot > slot) tx.put({ ...link, targetSlot: link.targetSlot - 1, repaired: undefined });
  }
  const inputs = (node.raw.inputs ?? []).filter((_, at) => at !== slot);
  tx.put({ ...node, raw: { ...node.raw, inputs } });
}

function removeOutput(tx: Transaction, { scope, raw: { id } }: NodeRecord, slot: number): void {
  for (const link of linksAt(tx, scope, "origin", id)) {
    if (link.originSlot === slot) disconnect(tx, scope, link.id);
    else if (link.originSlot > slot) tx.put({ ...link, originSlot: link.originSlot - 1 });
  }
  const node = tx.needNode(scope, id);
  const outputs = (node.raw.outputs ?? []).filter((_, at) => at !== slot);
  tx.put({ ...node, raw: { ...node.raw, outputs } });
}

/**
 * Make a new input of a subgraph from a socket inside, and join it.
 *
 * @throws RangeError The node has no such input.
 */
export function exposeInput(tx: Transaction, scope: Scope, id: FileId, slot: number): number {
  const input = tx.needNode(scope, id).raw.inputs?.[slot];
  if (!input) throw new RangeError(`node ${id} has no input ${slot}`);
  const port = addSubgraphInput(
    tx,
    scope,
    input.label || input.name || "input",
    input.type,
    Boolean(input.widget),
  );
  connect(tx, scope, { origin: SUBGRAPH_INPUT, originSlot: port, target: id, targetSlot: slot });
  return port;
}

/**
 * Make a new output of a subgraph from a socket inside, and join it.
 *
 * @throws RangeError The node has no such output.
 */
export function exposeOutput(tx: Transaction, scope: Scope, id: FileId, slot: number): number {
  const output = tx.needNode(scope, id).raw.outputs?.[slot];
  if (!output) throw new RangeError(`node ${id} has no output ${slot}`);
  const port = addSubgraphOutput(tx, scope, output.label || output.name || "output", output.type);
  connect(tx, scope, { origin: id, originSlot: slot, target: SUBGRAPH_OUTPUT, targetSlot: port });
  return port;
}
