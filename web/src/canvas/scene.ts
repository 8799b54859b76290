/** What lies on the sheet that is shown, laid out: kept up to date change by change, without React. */

import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import type { Diff } from "@/document/diff";
import { boundingOf } from "@/document/groups";
import {
  type DocumentRecord,
  type FileId,
  type GroupRecord,
  type LinkRecord,
  type NodeRecord,
  nodeId,
  type Point,
  type RecordId,
  type RerouteRecord,
  rerouteId,
  type Scope,
  SUBGRAPH_INPUT,
  SUBGRAPH_OUTPUT,
  sheetId,
} from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { nodeDefinitionOf, subgraphOf } from "@/document/subgraphs";
import { boundsOf, type Curve, wireThrough } from "@/geometry/bezier";
import { type NodeBox, nodeBox, type SocketPlace } from "@/geometry/node-box";
import { around, type Rect } from "@/geometry/rect";
import { pointOf } from "./reroute-point";
import { type End, readEnds } from "./subgraph-ends";

/** A node as it is drawn. */
export interface NodeItem {
  readonly id: RecordId;
  readonly record: NodeRecord;
  /** Undefined for a kind that the server does not have. */
  readonly definition: NodeDefinition | undefined;
  readonly box: NodeBox;
}

/** A wire as it is drawn, in canvas pixels. */
export interface WireItem {
  readonly id: RecordId;
  readonly record: LinkRecord;
  /** From the output over the reroutes to the input. */
  readonly points: readonly Point[];
  readonly curves: readonly Curve[];
  readonly bounds: Rect;
}

/** A group as it is drawn. */
export interface GroupItem {
  readonly id: RecordId;
  readonly record: GroupRecord;
  readonly rect: Rect;
}

/** A point that a wire is led over, as it is drawn. */
export interface RerouteItem {
  readonly id: RecordId;
  readonly record: RerouteRecord;
  readonly at: Point;
  /** The type of what is led through it. */
  readonly type: LinkRecord["type"];
}

/** How far things are moved while they are dragged, before the document is changed. */
export type Shift = (id: RecordId) => Point | undefined;

const add = ([ax, ay]: Point, shift: Point | undefined): Point =>
  shift ? [ax + shift[0], ay + shift[1]] : [ax, ay];

const frameOf = (group: GroupRecord): Rect => {
  const [x, y, width, height] = boundingOf(group.raw);
  return { x, y, width, height };
};

const NONE: ReadonlySet<RecordId> = new Set();

/** The sheet that is shown, laid out. */
export class Scene {
  readonly nodes = new Map<RecordId, NodeItem>();
  readonly wires = new Map<RecordId, WireItem>();
  readonly groups = new Map<RecordId, GroupItem>();
  readonly reroutes = new Map<RecordId, RerouteItem>();
  /** Where a subgraph's own inputs and outputs are drawn; none on the root sheet. */
  ends: readonly End[] = [];
  /** Nodes in the order in which they are drawn. */
  order: readonly RecordId[] = [];
  #touching = new Map<string, Set<RecordId>>();
  #pictures = new Set<RecordId>();
  #listeners = new Set<() => void>();

  constructor(
    readonly store: DocumentStore,
    readonly scope: Scope,
    readonly catalogue: Catalogue,
  ) {
    this.#readAll();
  }

  /** Hear of every change; returns the function that ends this. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Take over a change of the document. */
  apply(diff: Diff): void {
    const wires = new Set<RecordId>();
    let touched = false;
    let inner = false;
    for (const [id, { before, after }] of diff) {
      const record = after ?? before;
      if (record?.scope === this.scope) {
        touched = true;
        this.#takeOver(id, after, record, wires);
      } else inner = true;
    }
    if (inner) touched = this.#relayInstances(wires) || touched;
    for (const id of wires) this.#layWire(id);
    if (touched) for (const listener of [...this.#listeners]) listener();
  }

  /** Say whether a node has pictures to show, which need room on it. */
  setPicture(id: RecordId, has: boolean): void {
    if (this.#pictures.has(id) === has) return;
    if (has) this.#pictures.add(id);
    else this.#pictures.delete(id);
    const item = this.nodes.get(id);
    if (item) this.#layNode(id, item.record);
    for (const listener of [...this.#listeners]) listener();
  }

  /** Return the wires at a node, by its id in the file. */
  wiresAt(node: FileId): ReadonlySet<RecordId> {
    return this.#touching.get(String(node)) ?? NONE;
  }

  /** Return the node with an id of the file. */
  node(id: FileId): NodeItem | undefined {
    return this.nodes.get(nodeId(this.scope, id));
  }

  /** Return the rectangle of a node, group or reroute. */
  rectOf(id: RecordId): Rect | undefined {
    const reroute = this.reroutes.get(id);
    if (reroute) return { x: reroute.at[0] - 6, y: reroute.at[1] - 6, width: 12, height: 12 };
    return this.nodes.get(id)?.box ?? this.groups.get(id)?.rect;
  }

  /** Return what the arrow keys come to, and where it is: nodes and reroutes. */
  reachable(): (readonly [RecordId, Rect])[] {
    const nodes = [...this.nodes.values()].map(({ id, box }) => [id, box] as const);
    const reroutes = [...this.reroutes.keys()].map((id) => [id, this.rectOf(id)] as const);
    return [...nodes, ...reroutes.filter((one): one is readonly [RecordId, Rect] => one[1] !== undefined)];
  }

  /** Return the smallest rectangle around everything, or around some things; undefined where there is nothing. */
  bounds(ids?: Iterable<RecordId>): Rect | undefined {
    const all = ids ?? [...this.nodes.keys(), ...this.groups.keys(), ...this.reroutes.keys()];
    const rects = [...all].map((id) => this.rectOf(id)).filter((rect) => rect !== undefined);
    return around(ids ? rects : [...rects, ...this.ends.map((end) => end.rect)]);
  }

  /** Return where a wire runs when things are moved by `shift`. */
  pointsOf(link: LinkRecord, shift?: Shift): Point[] {
    const from = this.#originOf(link, shift);
    const to = this.#targetOf(link, shift);
    if (!from || !to) return [];
    return [from, ...this.#between(link, shift), to];
  }

  /** Return the socket that a wire begins at. */
  outputOf(link: LinkRecord): SocketPlace | undefined {
    return this.node(link.origin)?.box.outputs.find(({ slot }) => slot === link.originSlot);
  }

  /** Return the socket that a wire ends at. */
  inputOf(link: LinkRecord): SocketPlace | undefined {
    return this.node(link.target)?.box.inputs.find(({ slot }) => slot === link.targetSlot);
  }

  #originOf(link: LinkRecord, shift?: Shift): Point | undefined {
    if (Number(link.origin) === SUBGRAPH_INPUT) return this.#endOf(SUBGRAPH_INPUT, link.originSlot);
    const item = this.node(link.origin);
    if (!item) return undefined;
    const { box } = item;
    const place = box.outputs.find(({ slot }) => slot === link.originSlot);
    return add(place ? [place.x, place.y] : [box.x + box.width, box.y + box.title / 2], shift?.(item.id));
  }

  #targetOf(link: LinkRecord, shift?: Shift): Point | undefined {
    if (Number(link.target) === SUBGRAPH_OUTPUT) return this.#endOf(SUBGRAPH_OUTPUT, link.targetSlot);
    const item = this.node(link.target);
    if (!item) return undefined;
    const { box } = item;
    const place = box.inputs.find(({ slot }) => slot === link.targetSlot);
    return add(place ? [place.x, place.y] : [box.x, box.y + box.title / 2], shift?.(item.id));
  }

  #endOf(side: number, slot: number): Point | undefined {
    const place = this.ends.find((end) => end.side === side)?.sockets[slot];
    return place && [place.x, place.y];
  }

  /** Return the reroutes that a link is led through, from the output on. */
  reroutesOf(link: LinkRecord): RerouteItem[] {
    const chain: RerouteItem[] = [];
    const seen = new Set<number>();
    let next = link.parent;
    while (next !== undefined && !seen.has(next)) {
      seen.add(next);
      const item = this.reroutes.get(rerouteId(this.scope, next));
      if (!item) break;
      chain.unshift(item);
      next = item.record.raw.parentId;
    }
    return chain;
  }

  /** Return the wires that are led through a reroute. */
  wiresThrough(id: RecordId): WireItem[] {
    return [...this.wires.values()].filter(
      ({ record }) => record.parent !== undefined && this.reroutesOf(record).some((one) => one.id === id),
    );
  }

  #between(link: LinkRecord, shift?: Shift): Point[] {
    return this.reroutesOf(link).map((item) => add(item.at, shift?.(item.id)));
  }

  #readAll(): void {
    const sheet = this.store.get(sheetId(this.scope));
    if (sheet?.kind !== "sheet") return;
    this.order = sheet.nodes;
    this.ends = readEnds(sheet);
    const wires = new Set<RecordId>();
    for (const id of [...sheet.nodes, ...sheet.groups, ...sheet.reroutes, ...sheet.links]) {
      const record = this.store.get(id);
      if (record) this.#takeOver(id, record, record, wires);
    }
    for (const id of wires) this.#layWire(id);
  }

  #takeOver(
    id: RecordId,
    after: DocumentRecord | undefined,
    record: DocumentRecord,
    wires: Set<RecordId>,
  ): void {
    switch (record.kind) {
      case "node":
        if (after?.kind === "node") this.#layNode(id, after, wires);
        else this.nodes.delete(id);
        break;
      case "link":
        this.#takeLink(id, after?.kind === "link" ? after : undefined, record, wires);
        break;
      case "group":
        if (after?.kind === "group") this.groups.set(id, { id, record: after, rect: frameOf(after) });
        else this.groups.delete(id);
        break;
      case "reroute":
        this.#takeReroute(id, after?.kind === "reroute" ? after : undefined, wires);
        break;
      case "sheet":
        if (after?.kind !== "sheet") break;
        this.order = after.nodes;
        this.ends = readEnds(after);
        for (const side of [SUBGRAPH_INPUT, SUBGRAPH_OUTPUT]) {
          for (const wire of this.wiresAt(side)) wires.add(wire);
        }
    }
  }

  #takeReroute(id: RecordId, after: RerouteRecord | undefined, wires: Set<RecordId>): void {
    if (after) this.reroutes.set(id, { id, record: after, at: pointOf(after.raw.pos), type: "*" });
    else this.reroutes.delete(id);
    for (const wire of this.wires.values()) if (wire.record.parent !== undefined) wires.add(wire.id);
  }

  #takeLink(id: RecordId, after: LinkRecord | undefined, record: LinkRecord, wires: Set<RecordId>): void {
    const before = this.wires.get(id)?.record ?? record;
    this.#touching.get(String(before.origin))?.delete(id);
    this.#touching.get(String(before.target))?.delete(id);
    this.wires.delete(id);
    if (!after) return;
    this.wires.set(id, {
      id,
      record: after,
      points: [],
      curves: [],
      bounds: { x: 0, y: 0, width: 0, height: 0 },
    });
    for (const end of [String(after.origin), String(after.target)]) {
      const touching = this.#touching.get(end) ?? new Set();
      this.#touching.set(end, touching);
      touching.add(id);
    }
    wires.add(id);
  }

  #layNode(id: RecordId, record: NodeRecord, wires?: Set<RecordId>): void {
    const definition = nodeDefinitionOf(this.store.records, this.catalogue, record.raw, this.scope);
    const box = nodeBox(record.raw, definition, this.#pictures.has(id));
    this.nodes.set(id, { id, record, definition, box });
    for (const wire of this.wiresAt(record.raw.id)) {
      if (wires) wires.add(wire);
      else this.#layWire(wire);
    }
  }

  /** Lay out anew the instances of subgraphs, whose sockets and widgets depend on what is in these. */
  #relayInstances(wires: Set<RecordId>): boolean {
    let any = false;
    for (const [id, item] of this.nodes) {
      if (!subgraphOf(this.store.records, item.record.raw)) continue;
      any = true;
      this.#layNode(id, item.record, wires);
    }
    return any;
  }

  #layWire(id: RecordId): void {
    const wire = this.wires.get(id);
    if (!wire) return;
    const points = this.pointsOf(wire.record);
    const curves = wireThrough(points);
    for (const reroute of this.reroutesOf(wire.record)) {
      if (reroute.type !== wire.record.type)
        this.reroutes.set(reroute.id, { ...reroute, type: wire.record.type });
    }
    this.wires.set(id, { ...wire, points, curves, bounds: boundsOf(curves) });
  }
}
