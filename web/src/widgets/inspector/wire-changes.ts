/** Wires that the inspector leads, moves and takes away. */

import type { NodeDefinition } from "@/catalogue/definitions";
import { accepts } from "@/catalogue/socket-types";
import { disconnect, inputSlotOf } from "@/document/links";
import { addNode, positionOf, sizeOf } from "@/document/nodes";
import { connectValue } from "@/document/primitives";
import {
  type FileId,
  type Json,
  type NodeRecord,
  nodeId,
  type Point,
  SUBGRAPH_OUTPUT,
} from "@/document/records";
import { definitionOf, type Place, type WireEnd } from "./wire-ends";

/** Lead a wire from an output to an input of a node; what was on the input goes. */
export function joinInput(place: Place, node: NodeRecord, input: string, from: WireEnd): void {
  const { store, scope } = place;
  store.transact("widgets.connect", (tx) => {
    const targetSlot = inputSlotOf(tx, node, definitionOf(place, node), input);
    const ends = { origin: from.node, originSlot: from.slot, target: node.raw.id, targetSlot };
    connectValue(tx, scope, ends, place.catalogue);
  });
}

/** Lead a wire from an output of a node to an input. */
export function joinOutput(place: Place, node: NodeRecord, originSlot: number, to: WireEnd): void {
  const { store, scope } = place;
  store.transact("widgets.connect", (tx) => {
    const target = tx.node(scope, to.node);
    const targetSlot =
      target && to.node !== SUBGRAPH_OUTPUT
        ? inputSlotOf(tx, target, definitionOf(place, target), to.name)
        : to.slot;
    const ends = { origin: node.raw.id, originSlot, target: to.node, targetSlot };
    connectValue(tx, scope, ends, place.catalogue);
  });
}

/** Take a wire away. */
export function cutWire({ store, scope }: Place, link: FileId): void {
  store.transact("widgets.disconnect", (tx) => disconnect(tx, scope, link));
}

/** Canvas pixels between nodes that are put beside each other, and below one another. */
const GAP = 60;
/** Height of the title over a node's body. */
const TITLE = 30;

/** Return a place beside a node, at its left or right, where nothing lies yet. */
function freePlace(
  { store, scope }: Place,
  beside: NodeRecord,
  width: number,
  side: "left" | "right",
): Point {
  const [x0, y0] = positionOf(beside.raw);
  const x = side === "left" ? x0 - GAP - width : x0 + sizeOf(beside.raw)[0] + GAP;
  let y = y0;
  const others = store.sheet(scope).nodes.flatMap((id) => {
    const record = store.get(id);
    return record?.kind === "node" ? [record.raw] : [];
  });
  const height = 160;
  for (;;) {
    const hit = others.find((raw) => {
      const [left, top] = positionOf(raw);
      const [wide, high] = sizeOf(raw);
      return left < x + width && left + wide > x && top - TITLE < y + height && top + high > y - TITLE;
    });
    if (!hit) return [x, y];
    y = positionOf(hit)[1] + sizeOf(hit)[1] + TITLE + 20;
  }
}

/** Add a node that gives what an input wants, and join them; one step. Returns the new node. */
export function addBefore(
  place: Place,
  node: NodeRecord,
  input: string,
  type: Json,
  definition: NodeDefinition,
): NodeRecord {
  const { store, scope } = place;
  const at = freePlace(place, node, 270, "left");
  return store.transact("widgets.connect", (tx) => {
    const added = addNode(tx, scope, definition, at);
    const originSlot = definition.outputs.findIndex((output) => accepts(output.type, type));
    const targetSlot = inputSlotOf(tx, node, definitionOf(place, node), input);
    const ends = { origin: added.raw.id, originSlot, target: node.raw.id, targetSlot };
    connectValue(tx, scope, ends, place.catalogue);
    return added;
  });
}

/** Add a node that takes what an output gives, and join them; one step. Returns the new node. */
export function addBehind(
  place: Place,
  node: NodeRecord,
  originSlot: number,
  type: Json,
  definition: NodeDefinition,
): NodeRecord {
  const { store, scope } = place;
  const at = freePlace(place, node, 270, "right");
  return store.transact("widgets.connect", (tx) => {
    const added = addNode(tx, scope, definition, at);
    const input = definition.inputs.find((one) => accepts(type, one.type));
    if (input) {
      const targetSlot = inputSlotOf(tx, added, definition, input.name);
      const ends = { origin: node.raw.id, originSlot, target: added.raw.id, targetSlot };
      connectValue(tx, scope, ends, place.catalogue);
    }
    return added;
  });
}

/** Return the id under which a document keeps a node. */
export const recordIdOf = ({ scope, raw }: NodeRecord): string => nodeId(scope, raw.id);
