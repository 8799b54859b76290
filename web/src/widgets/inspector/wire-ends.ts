/** What a socket can be joined to on its sheet. */

import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { accepts } from "@/catalogue/socket-types";
import { type InputSocket, type OutputSocket, sockets } from "@/catalogue/sockets";
import { titleOf } from "@/document/nodes";
import {
  type FileId,
  type Json,
  type LinkRecord,
  linkId,
  type NodeRecord,
  nodeId,
  ROOT,
  type Scope,
  SUBGRAPH_INPUT,
  SUBGRAPH_OUTPUT,
} from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { nodeDefinitionOf, subgraphInputs, subgraphOutputs } from "@/document/subgraphs";
import { nodesBefore, nodesBehind } from "./running-order";

/** A sheet of a document, and the kinds of nodes that there are. */
export interface Place {
  readonly store: DocumentStore;
  readonly scope: Scope;
  readonly catalogue: Catalogue;
}

/** A socket that a wire can be led to. */
export interface WireEnd {
  /** Identifies it on its sheet. */
  readonly key: string;
  readonly node: FileId;
  readonly slot: number;
  /** Name of the socket in the file: for sockets that are made when they are used. */
  readonly name: string;
  /** Node and socket, as they are shown. */
  readonly label: string;
  /** Something comes in there already. */
  readonly taken: boolean;
}

/** Return the kind of a node; undefined where nobody knows it. */
export const definitionOf = ({ store, catalogue }: Place, node: NodeRecord): NodeDefinition | undefined =>
  nodeDefinitionOf(store.records, catalogue, node.raw, node.scope);

function nodesOf({ store, scope }: Place): NodeRecord[] {
  return store
    .sheet(scope)
    .nodes.map((id) => store.get(id))
    .filter((record) => record?.kind === "node");
}

/** Return the titles of nodes; those that share one get their id behind it. */
function titlesOf(place: Place, nodes: readonly NodeRecord[]): (node: NodeRecord) => string {
  const count = new Map<string, number>();
  const plain = (node: NodeRecord) => titleOf(node.raw, definitionOf(place, node));
  for (const node of nodes) count.set(plain(node), (count.get(plain(node)) ?? 0) + 1);
  return (node) => {
    const title = plain(node);
    return (count.get(title) ?? 0) > 1 ? `${title} #${node.raw.id}` : title;
  };
}

const keyOf = (node: FileId, slot: number, name: string): string => `${node}/${slot}/${name}`;

/** Return the outputs that fit an input of a node, without those that lie behind the node. */
export function fittingOutputs(place: Place, node: NodeRecord, type: Json): WireEnd[] {
  const nodes = nodesOf(place);
  const title = titlesOf(place, nodes);
  const behind = nodesBehind(place.store, place.scope, nodeId(place.scope, node.raw.id));
  const before = nodes.filter(({ raw }) => !behind.has(nodeId(place.scope, raw.id)));
  const ends = before.flatMap((origin) =>
    sockets(definitionOf(place, origin), origin.raw)
      .outputs.filter((output) => output.slot >= 0 && accepts(output.type, type))
      .map((output) => outputEnd(origin, output, title(origin))),
  );
  return [...ends, ...innerEnds(place, "inputs", (given) => accepts(given, type))];
}

const outputEnd = ({ raw }: NodeRecord, output: OutputSocket, title: string): WireEnd => ({
  key: keyOf(raw.id, output.slot, output.name),
  node: raw.id,
  slot: output.slot,
  name: output.name,
  label: `${title} · ${output.label}`,
  taken: false,
});

/** Return the inputs that fit an output of a node, free ones first, without those that lie before the node. */
export function fittingInputs(place: Place, node: NodeRecord, type: Json): WireEnd[] {
  const nodes = nodesOf(place);
  const title = titlesOf(place, nodes);
  const before = nodesBefore(place.store, place.scope, nodeId(place.scope, node.raw.id));
  const behind = nodes.filter(({ raw }) => !before.has(nodeId(place.scope, raw.id)));
  const ends = behind.flatMap((target) =>
    sockets(definitionOf(place, target), target.raw)
      .inputs.filter((input) => accepts(type, input.type))
      .map((input) => inputEnd(target, input, title(target))),
  );
  const all = [...ends, ...innerEnds(place, "outputs", (wanted) => accepts(type, wanted))];
  return [...all.filter(({ taken }) => !taken), ...all.filter(({ taken }) => taken)];
}

const inputEnd = ({ raw }: NodeRecord, input: InputSocket, title: string): WireEnd => ({
  key: keyOf(raw.id, input.slot, input.name),
  node: raw.id,
  slot: input.slot,
  name: input.name,
  label: `${title} · ${input.label}`,
  taken: input.link !== null,
});

/** Return the inputs or outputs of the subgraph whose sheet this is. */
function innerEnds(place: Place, side: "inputs" | "outputs", fits: (type: Json) => boolean): WireEnd[] {
  if (place.scope === ROOT) return [];
  const sheet = place.store.sheet(place.scope);
  const ports = side === "inputs" ? subgraphInputs(sheet) : subgraphOutputs(sheet);
  const node = side === "inputs" ? SUBGRAPH_INPUT : SUBGRAPH_OUTPUT;
  return [...ports.entries()]
    .filter(([, port]) => fits(port.type))
    .map(([slot, port]) => ({
      key: keyOf(node, slot, port.name),
      node,
      slot,
      name: port.name,
      label: `${sheet.rest.name ?? ""} · ${port.label ?? port.name}`,
      taken: false,
    }));
}

/** A wire at a socket, and what is at its other end. */
export interface Wire {
  readonly link: LinkRecord;
  readonly label: string;
  /** The node at the other end; undefined for an input or output of the subgraph itself. */
  readonly other: NodeRecord | undefined;
}

/** Return the wires with these ids that exist; `side` is the side of the sockets that they are at. */
export function wiresAt(place: Place, ids: readonly FileId[], side: "input" | "output"): Wire[] {
  return ids.flatMap((id) => {
    const link = place.store.get(linkId(place.scope, id));
    if (link?.kind !== "link") return [];
    const [end, slot] = side === "input" ? [link.origin, link.originSlot] : [link.target, link.targetSlot];
    const other = place.store.node(place.scope, end);
    return [
      { link, other, label: other ? nodeLabel(place, other, slot, side) : portLabel(place, side, slot) },
    ];
  });
}

function nodeLabel(place: Place, other: NodeRecord, slot: number, side: "input" | "output"): string {
  const definition = definitionOf(place, other);
  const title = titleOf(other.raw, definition);
  const { inputs, outputs } = sockets(definition, other.raw);
  const socket = (side === "input" ? outputs : inputs).find((one) => one.slot === slot);
  return socket ? `${title} · ${socket.label}` : title;
}

function portLabel({ store, scope }: Place, side: "input" | "output", slot: number): string {
  const sheet = store.sheet(scope);
  const port = (side === "input" ? subgraphInputs(sheet) : subgraphOutputs(sheet))[slot];
  return port?.label ?? port?.name ?? String(sheet.rest.name ?? "");
}

/** Return the kinds of nodes with an output (for an input) or an input (for an output) that fits; exact fits first. */
export function fittingKinds(catalogue: Catalogue, type: Json, side: "input" | "output"): NodeDefinition[] {
  const kinds = [...catalogue.values()].filter(({ hidden, deprecated }) => !hidden && !deprecated);
  const types = ({ inputs, outputs }: NodeDefinition) =>
    (side === "input" ? outputs : inputs).map((one) => one.type);
  const fits = (other: Json) => (side === "input" ? accepts(other, type) : accepts(type, other));
  const fitting = kinds.filter((kind) => types(kind).some(fits));
  const exact = new Set(fitting.filter((kind) => types(kind).some((other) => other === type)));
  const byTitle = (a: NodeDefinition, b: NodeDefinition) => a.title.localeCompare(b.title);
  return [...[...exact].sort(byTitle), ...fitting.filter((kind) => !exact.has(kind)).sort(byTitle)];
}
