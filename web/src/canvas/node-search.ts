/** Asks for the palette that searches kinds of nodes. The palette itself belongs to the shell. */

import { create } from "zustand";
import type { NodeDefinition } from "@/catalogue/definitions";
import { addNode } from "@/document/nodes";
import { type NodeRecord, nodeId, type Point } from "@/document/records";
import { activeDocument, shownScope, useSession } from "@/editor/session";
import { nodeBox, TITLE } from "@/geometry/node-box";
import { canvasPointAtCentre, shownScene } from "./camera";
import type { SocketRef } from "./canvas-state";
import { join, targetsOn } from "./joining";

/** What the palette is asked for. */
export interface NodeSearch {
  readonly open: boolean;
  /** Where the node is put, in canvas pixels. */
  readonly position: Point;
  /** The socket that the chosen node is joined to. */
  readonly from?: SocketRef;
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

/** Close the palette. */
export function closeNodeSearch(): void {
  useNodeSearch.setState(({ position }) => ({ open: false, position }), true);
}

/** Add a node of a kind where the palette was opened, join it to the socket that was asked for, and select it. */
export function addSearched(definition: NodeDefinition): NodeRecord | undefined {
  const { position, from } = useNodeSearch.getState();
  closeNodeSearch();
  return placeNode(definition, position, from);
}

/** Add a node and join it to a socket, as one step of undo; it is selected. */
export function placeNode(
  definition: NodeDefinition,
  position: Point,
  from?: SocketRef,
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
      if (target) join(tx, scene, from, target.socket);
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
