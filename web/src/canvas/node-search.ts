/** Asks for the palette that searches kinds of nodes. The palette itself belongs to the shell. */

import { create } from "zustand";
import type { NodeDefinition } from "@/catalogue/definitions";
import { addNode } from "@/document/nodes";
import { type NodeRecord, nodeId, type Point, type RecordId } from "@/document/records";
import { activeDocument, shownScope, useSession } from "@/editor/session";
import { nodeBox, TITLE } from "@/geometry/node-box";
import { canvasPointAtCentre, shownScene } from "./camera";
import type { SocketRef } from "./canvas-state";
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
}

export const useNodeSearch = create<NodeSearch>(() => ({ open: false, position: [0, 0] }));

/** Open the palette. Left out, the node is put in the middle of what is seen. */
export function openNodeSearch({
  position,
  from,
}: {
  readonly position?: Point;
  readonly from?: SocketRef;
} = {}): void {
  useNodeSearch.setState(
    { open: true, position: position ?? canvasPointAtCentre(), ...(from && { from }) },
    false,
  );
  if (!from) useNodeSearch.setState(({ open, position: at }) => ({ open, position: at }), true);
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
  const { position, from, into } = useNodeSearch.getState();
  closeNodeSearch();
  return placeNode(definition, position, from, into);
}

/** Add a node and join it to a socket, as one step of undo; it is selected. */
export function placeNode(
  definition: NodeDefinition,
  position: Point,
  from?: SocketRef,
  into?: RecordId,
): NodeRecord | undefined {
  const document = activeDocument();
  const scene = shownScene();
  if (!document || !scene) return undefined;
  const scope = shownScope(document);
  const added = document.store.transact("canvas.addNode", (tx) => {
    const place = cornerFor(position, from);
    const node = addNode(tx, scope, definition, place);
    if (from) {
      const item = {
        id: nodeId(scope, node.raw.id),
        record: node,
        definition,
        box: nodeBox(node.raw, definition),
      };
      const target = targetsOn(item, from)[0];
      const wire = into === undefined ? undefined : scene.wires.get(into);
      const end = wire && endOf(scene, wire, "input");
      if (target) join(tx, scene, from, target.socket);
      const output = end && targetsOn(item, end)[0];
      if (end && output) join(tx, scene, output.socket, end);
    }
    return node;
  });
  useSession.getState().amend(document.id, { selection: new Set([nodeId(scope, added.raw.id)]) });
  return added;
}

/** The corner of the body so that the title, or the socket that the wire ends at, comes to lie at the point. */
function cornerFor([x, y]: Point, from: SocketRef | undefined): Point {
  if (!from) return [Math.round(x - 40), Math.round(y + TITLE / 2)];
  return [Math.round(from.side === "output" ? x + 4 : x - 224), Math.round(y - 12)];
}
