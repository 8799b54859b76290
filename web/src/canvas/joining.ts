/** Which sockets fit each other, and joining them. */

import { accepts } from "@/catalogue/socket-types";
import { disconnect, inputSlotOf } from "@/document/links";
import { joinLoose } from "@/document/loose-ends";
import { connectValue } from "@/document/primitives";
import { type FileId, type Point, type RecordId, SUBGRAPH_INPUT, SUBGRAPH_OUTPUT } from "@/document/records";
import { exposeInput, exposeOutput } from "@/document/subgraph-ports";
import { nodeDefinitionOf } from "@/document/subgraphs";
import type { Transaction } from "@/document/transaction";
import type { SocketRef } from "./canvas-state";
import { socketRef } from "./hit";
import { looseWires } from "./loose-ends";
import type { NodeItem, Scene, WireItem } from "./scene";

/** A socket that a wire can be joined to, and where it is. */
export interface Target {
  readonly socket: SocketRef;
  readonly at: Point;
}

/** Return the nodes that a node depends on, or that depend on it, itself included. */
function chain(scene: Scene, start: FileId, upstream: boolean): ReadonlySet<string> {
  const found = new Set<string>([String(start)]);
  const todo: string[] = [String(start)];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    for (const id of scene.wiresAt(node)) {
      const link = scene.wires.get(id)?.record;
      if (!link) continue;
      const [here, there] = upstream
        ? [String(link.target), String(link.origin)]
        : [String(link.origin), String(link.target)];
      if (here !== node || found.has(there)) continue;
      found.add(there);
      todo.push(there);
    }
  }
  return found;
}

/** Tell whether two sockets can be joined as far as their sides and types go. */
export function fits(one: SocketRef, other: SocketRef): boolean {
  if (one.side === other.side || one.node === other.node) return false;
  const [output, input] = one.side === "output" ? [one, other] : [other, one];
  return accepts(output.type, input.type);
}

/** Return all sockets on the sheet that wires from all of some sockets can end at; none that would close a circle. */
export function targetsOf(scene: Scene, first: SocketRef, ...more: readonly SocketRef[]): readonly Target[] {
  let shared = targetsOfOne(scene, first);
  for (const from of more) {
    const own = new Set(targetsOfOne(scene, from).map(keyOf));
    shared = shared.filter((target) => own.has(keyOf(target)));
  }
  return shared;
}

const keyOf = ({ socket }: Target): string => `${socket.node} ${socket.side} ${socket.slot} ${socket.name}`;

function targetsOfOne(scene: Scene, from: SocketRef): readonly Target[] {
  const closed = chain(scene, from.node, from.side === "output");
  const targets: Target[] = [];
  for (const item of scene.nodes.values()) {
    if (!closed.has(String(item.record.raw.id))) targets.push(...targetsOn(item, from));
  }
  return [...targets, ...targetsAtEnds(scene, from)];
}

/** Return the loose ends of wires in the air that a wire from `from` can end at. */
export function looseTargets(scene: Scene, from: SocketRef): readonly Target[] {
  const closed = chain(scene, from.node, from.side === "output");
  return looseWires(scene).filter(({ socket }) => !closed.has(String(socket.node)) && fits(from, socket));
}

/** Return the sockets of the subgraph whose sheet this is. */
function targetsAtEnds(scene: Scene, from: SocketRef): Target[] {
  const targets: Target[] = [];
  for (const end of scene.ends) {
    for (const place of [...end.sockets, end.empty]) {
      const side = end.side === SUBGRAPH_INPUT ? "output" : "input";
      const socket: SocketRef = {
        node: end.side,
        slot: place.slot,
        name: place.name,
        side,
        type: place.type,
      };
      if (fits(from, socket)) targets.push({ socket, at: [place.x, place.y] });
    }
  }
  return targets;
}

/** Return the sockets of a node that a wire from `from` can end at: free ones first, then those of widgets. */
export function targetsOn(item: NodeItem, from: SocketRef): readonly Target[] {
  const side = from.side === "output" ? "input" : "output";
  const places = item.box[side === "input" ? "inputs" : "outputs"];
  const found: { target: Target; rank: number }[] = [];
  for (const [at, place] of places.entries()) {
    const socket = socketRef(item, side, at);
    if (!socket || !fits(from, socket)) continue;
    const rank = (place.widget ? 2 : 0) + (place.taken && side === "input" ? 1 : 0);
    found.push({ target: { socket, at: [place.x, place.y] }, rank });
  }
  return found.sort((a, b) => a.rank - b.rank).map(({ target }) => target);
}

/** Return the target that is nearest to a point, within `reach` canvas pixels. */
export function nearestTarget(targets: readonly Target[], [x, y]: Point, reach: number): Target | undefined {
  let best = reach;
  let found: Target | undefined;
  for (const target of targets) {
    const distance = Math.hypot(target.at[0] - x, target.at[1] - y);
    if (distance <= best) [best, found] = [distance, target];
  }
  return found;
}

/** Return the slot of an input; one that the file does not have yet is added. */
function inputSlot(tx: Transaction, scene: Scene, input: SocketRef): number {
  if (input.slot >= 0) return input.slot;
  const node = tx.needNode(scene.scope, input.node);
  return inputSlotOf(
    tx,
    node,
    nodeDefinitionOf(scene.store.records, scene.catalogue, node.raw, scene.scope),
    input.name,
  );
}

/** Join two sockets that fit, in a transaction. The empty socket of a subgraph's end becomes a new one. */
export function join(tx: Transaction, scene: Scene, one: SocketRef, other: SocketRef): void {
  const [output, input] = one.side === "output" ? [one, other] : [other, one];
  const { scope } = scene;
  if (input.node === SUBGRAPH_OUTPUT && input.name === "") {
    exposeOutput(tx, scope, output.node, output.slot);
    return;
  }
  const targetSlot = input.node === SUBGRAPH_OUTPUT ? input.slot : inputSlot(tx, scene, input);
  if (output.node === SUBGRAPH_INPUT && output.name === "") {
    exposeInput(tx, scope, input.node, targetSlot);
    return;
  }
  if (output.loose || input.loose) {
    joinLoose(tx, scope, output, { ...input, slot: targetSlot }, scene.catalogue);
    return;
  }
  const ends = { origin: output.node, originSlot: output.slot, target: input.node, targetSlot };
  connectValue(tx, scope, ends, scene.catalogue);
}

/** Take wires away, in a transaction. */
export function cut(tx: Transaction, scene: Scene, wires: Iterable<RecordId>): void {
  for (const id of wires) {
    const wire = scene.wires.get(id);
    if (wire) disconnect(tx, scene.scope, wire.record.id);
  }
}

/** Return the socket at one end of a wire. */
export function endOf(scene: Scene, wire: WireItem, side: "input" | "output"): SocketRef | undefined {
  const { record } = wire;
  const node = side === "output" ? record.origin : record.target;
  const slot = side === "output" ? record.originSlot : record.targetSlot;
  const item = scene.node(node);
  if (!item) {
    const place = scene.ends.find((end) => end.side === Number(node))?.sockets[slot];
    return place && { node: Number(node), slot, name: place.name, side, type: place.type };
  }
  const places = item.box[side === "output" ? "outputs" : "inputs"];
  return socketRef(
    item,
    side,
    places.findIndex((place) => place.slot === slot),
  );
}

/** Return the wires that begin at an output. */
export function wiresFrom(scene: Scene, { node, slot }: SocketRef): readonly WireItem[] {
  return [...scene.wiresAt(node)].flatMap((id) => {
    const wire = scene.wires.get(id);
    const { origin, originSlot } = wire?.record ?? {};
    return wire && String(origin) === String(node) && originSlot === slot ? [wire] : [];
  });
}

/** Return the wire that ends at an input. */
export function wireInto(scene: Scene, socket: SocketRef): WireItem | undefined {
  for (const id of scene.wiresAt(socket.node)) {
    const wire = scene.wires.get(id);
    if (wire && String(wire.record.target) === String(socket.node) && wire.record.targetSlot === socket.slot)
      return wire;
  }
  return undefined;
}
