/** Workflows made as the editor makes them: by the operations of documents, with the server's kinds of nodes. */

import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { readObjectInfo } from "@/catalogue/object-info";
import { type WidgetKind, widgetSlots } from "@/catalogue/slots";
import { OFFERED_KINDS } from "@/catalogue/virtual-kinds";
import { parseExact, stringifyExact } from "@/document/exact-json";
import { inputSlotOf } from "@/document/links";
import { makeSubgraph } from "@/document/make-subgraph";
import { addNode } from "@/document/nodes";
import { connectValue, setSharedValue } from "@/document/primitives";
import { emptyWorkflow, readWorkflow } from "@/document/read";
import {
  type Json,
  type JsonObject,
  type LinkRecord,
  type NodeRecord,
  nodeId,
  ROOT,
  type Scope,
} from "@/document/records";
import { DocumentStore } from "@/document/store";
import { nodeDefinitionOf } from "@/document/subgraphs";
import { writeWorkflow } from "@/document/write";

/** Return the kinds of nodes that a server offers, and those of the editor. */
export async function catalogueOf(url: string): Promise<Catalogue> {
  const told = readObjectInfo(parseExact(await (await fetch(`${url}/object_info`)).text()) as JsonObject);
  return new Map([...told, ...OFFERED_KINDS.map((kind) => [kind.type, kind] as const)]);
}

/** A workflow that is being made. */
export class Workbench {
  readonly store: DocumentStore;

  constructor(
    readonly catalogue: Catalogue,
    json?: JsonObject,
  ) {
    this.store = new DocumentStore(json ? readWorkflow(json) : emptyWorkflow());
  }

  /** What is saved. */
  get text(): string {
    return stringifyExact(writeWorkflow(this.store.records));
  }

  /** Return a node as it is now. */
  node({ scope, raw }: NodeRecord): NodeRecord {
    const node = this.store.node(scope, raw.id);
    if (!node) throw new Error(`there is no node ${raw.id}`);
    return node;
  }

  /** Return what is known about the kind of a node. */
  definition(node: NodeRecord): NodeDefinition {
    const found = nodeDefinitionOf(this.store.records, this.catalogue, this.node(node).raw, node.scope);
    if (!found) throw new Error(`nothing is known about the kind ${node.raw.type}`);
    return found;
  }

  /** Add a node of a kind; `values` by the names of widgets. */
  add(
    type: string | NodeDefinition,
    x: number,
    y: number,
    values: Readonly<Record<string, Json>> = {},
    scope: Scope = ROOT,
  ): NodeRecord {
    const kind = typeof type === "string" ? this.catalogue.get(type) : type;
    if (!kind) throw new Error(`there is no kind ${type}`);
    const node = this.store.transact("add", (tx) => addNode(tx, scope, kind, [x, y]));
    for (const [name, value] of Object.entries(values)) this.set(node, name, value);
    return this.node(node);
  }

  /** Give a widget a value; `kind` tells the editor's own widgets of an input from it. */
  set(node: NodeRecord, name: string, value: Json, kind?: WidgetKind): void {
    const { raw } = this.node(node);
    const slots = widgetSlots(this.definition(node), raw).filter((one) => one.name === name);
    const slot = slots.find((one) => (kind ? one.kind === kind : one.sent));
    if (!slot) throw new Error(`${raw.type} has no widget ${name}`);
    const at = { scope: node.scope, id: raw.id, slot };
    this.store.transact("set", (tx) => setSharedValue(tx, at, value, this.catalogue));
  }

  /** Join an output to an input by its name. */
  join(origin: NodeRecord, originSlot: number, target: NodeRecord, name: string): LinkRecord {
    return this.store.transact("join", (tx) => {
      const targetSlot = inputSlotOf(tx, this.node(target), this.definition(target), name);
      const ends = { origin: origin.raw.id, originSlot, target: target.raw.id, targetSlot };
      return connectValue(tx, target.scope, ends, this.catalogue);
    });
  }

  /** Make a subgraph of nodes. */
  wrap(name: string, ...nodes: readonly NodeRecord[]): NodeRecord {
    const scope = nodes[0]?.scope ?? ROOT;
    const ids = nodes.map(({ raw }) => nodeId(scope, raw.id));
    return this.node(this.store.transact("wrap", (tx) => makeSubgraph(tx, scope, ids, name, this.catalogue)));
  }

  /** Return a node within a subgraph by its kind. */
  inside(scope: Scope, type: string): NodeRecord {
    for (const id of this.store.sheet(scope).nodes) {
      const node = this.store.get(id);
      if (node?.kind === "node" && node.raw.type === type) return node;
    }
    throw new Error(`there is no ${type} in ${scope}`);
  }
}
