/** Asks for the palette that searches kinds of nodes. The palette itself belongs to the shell. */

import { create } from "zustand";
import type { NodeDefinition } from "@/catalogue/definitions";
import { addNode, moveItems, positionOf } from "@/document/nodes";
import { idOf, type NodeRecord, nodeId, type Point, type RecordId } from "@/document/records";
import type { Transaction } from "@/document/transaction";
import { activeDocument, shownScope, useSession } from "@/editor/session";
import { freePlace } from "@/geometry/free-place";
import { nodeBox, TITLE } from "@/geometry/node-box";
import { canvasPointAtCentre, shownScene } from "./camera";
import type { SocketRef } from "./canvas-state";
import { selected } from "./gestures/select-box";
import { endOf, join, targetsOn } from "./joining";
import type { Scene } from "./scene";

/** What the palette is asked for. */
export interface NodeSearch {
  readonly open: boolean;
  /** Where the node is put, in canvas pixels. */
  readonly position: Point;
  /** The socket that the chosen node is joined to. */
  readonly from?: SocketRef;
  /** The wire that the chosen node is put into. */
  readonly into?: RecordId;
  /** Nobody said where: the node is put where nothing else is. */
  readonly anywhere?: boolean;
}

/** What the palette is asked for now. */
export const useNodeSearch = create<NodeSearch>(() => ({ open: false, position: [0, 0] }));

/** Open the palette. Where no position is given, the node finds a free place beside the selected one or in the middle. */
export function openNodeSearch({
  position,
  from,
}: {
  readonly position?: Point;
  readonly from?: SocketRef;
} = {}): void {
  const search = { open: true, position: position ?? besideSelection(), anywhere: position === undefined };
  useNodeSearch.setState({ ...search, ...(from && { from }) }, true);
}

/** Return a point to the right of the one selected node, else the middle of what is seen. */
function besideSelection(): Point {
  const [id, ...more] = selected();
  const box = id === undefined || more.length > 0 ? undefined : shownScene()?.nodes.get(id)?.box;
  return box ? [box.x + box.width + 100, box.y + TITLE / 2] : canvasPointAtCentre();
}

/** Open the palette; `closed` is called once, when it is closed again. */
export function searchNodes(closed: () => void): void {
  openNodeSearch();
  const stop = useNodeSearch.subscribe(({ open }) => {
    if (open) return;
    stop();
    closed();
  });
}

/** Open the palette for a node that is put into a wire. */
export function openInsertion(scene: Scene, wire: RecordId, position: Point): void {
  const item = scene.wires.get(wire);
  const from = item && endOf(scene, item, "output");
  if (from) useNodeSearch.setState({ open: true, position, from, into: wire }, true);
}

/** Close the palette. */
export function closeNodeSearch(): void {
  useNodeSearch.setState(({ position }) => ({ open: false, position }), true);
}

/** Add a node of a kind where the palette was opened, join it to the socket that was asked for, and select it. */
export function addSearched(definition: NodeDefinition): NodeRecord | undefined {
  const { position, from, into, anywhere } = useNodeSearch.getState();
  closeNodeSearch();
  return placeNode(definition, position, from, into, anywhere);
}

/** Add a node and join it to a socket, as one step of undo; it is selected. `anywhere`: it moves to where it covers nothing. */
function placeNode(
  definition: NodeDefinition,
  position: Point,
  from?: SocketRef,
  into?: RecordId,
  anywhere = false,
): NodeRecord | undefined {
  const document = activeDocument();
  const scene = shownScene();
  if (!document || !scene) return undefined;
  const scope = shownScope(document);
  const added = document.store.transact("canvas.addNode", (tx) => {
    const place = cornerFor(position, from);
    const node = addNode(tx, scope, definition, place);
    if (anywhere) makeRoom(tx, scene, node, definition);
    if (from) wireUp(tx, scene, { record: node, definition }, from, into);
    return node;
  });
  useSession.getState().amend(document.id, { selection: new Set([nodeId(scope, added.raw.id)]) });
  return added;
}

/** Join a new node to the socket that it was asked for, and to the other end of the wire that it is put into. */
function wireUp(
  tx: Transaction,
  scene: Scene,
  { record, definition }: { readonly record: NodeRecord; readonly definition: NodeDefinition },
  from: SocketRef,
  into: RecordId | undefined,
): void {
  const item = { id: idOf(record), record, definition, box: nodeBox(record.raw, definition) };
  const target = targetsOn(item, from)[0];
  const wire = into === undefined ? undefined : scene.wires.get(into);
  const end = wire && endOf(scene, wire, "input");
  if (target) join(tx, scene, from, target.socket);
  const output = end && targetsOn(item, end)[0];
  if (end && output) join(tx, scene, output.socket, end);
}

/** Move a new node to the nearest place where it covers no other. */
function makeRoom(tx: Transaction, scene: Scene, node: NodeRecord, definition: NodeDefinition): void {
  const box = nodeBox(node.raw, definition);
  const [x, y] = freePlace(
    box,
    [...scene.nodes.values()].map((one) => one.box),
  );
  const [left, top] = positionOf(node.raw);
  moveItems(tx, new Map([[idOf(node), [left + x - box.x, top + y - box.y]]]));
}

/** The corner of the body so that the title, or the socket that the wire ends at, comes to lie at the point. */
function cornerFor([x, y]: Point, from: SocketRef | undefined): Point {
  if (!from) return [Math.round(x - 40), Math.round(y + TITLE / 2)];
  return [Math.round(from.side === "output" ? x + 4 : x - 224), Math.round(y - 12)];
}
