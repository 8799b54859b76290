/** What the rest of the editor asks of the canvas. Without a canvas on the page, nothing comes of it. */

import type { Point, RecordId } from "@/document/records";

/** A canvas, as others see it. */
export interface CanvasView {
  /** Show a node, group or reroute in the middle; opens the sheet that it is on. */
  centreOn(id: RecordId): void;
  /** Show a node, group or reroute, select it and give it the keyboard's focus. */
  focusNode(id: RecordId): void;
  /** The canvas point in the middle of what is seen. */
  middle(): Point;
  /** Open the search for a kind of node to add; `closed` is called once, when it is closed again. */
  searchNodes(closed: () => void): void;
}

let canvas: CanvasView | null = null;

/** Say that a canvas is on the page. For the canvas itself; returns what says that it is there no more. */
export function bindCanvas(view: CanvasView): () => void {
  canvas = view;
  return () => {
    if (canvas === view) canvas = null;
  };
}

/** Show a node, group or reroute in the middle; opens the sheet that it is on. */
export const centreOn = (id: RecordId): void => canvas?.centreOn(id);

/** Show a node, group or reroute, select it and give it the keyboard's focus. */
export const focusNode = (id: RecordId): void => canvas?.focusNode(id);

/** Return the canvas point in the middle of what is seen; [0, 0] without a canvas. */
export const middleOfCanvas = (): Point => canvas?.middle() ?? [0, 0];

/** Open the search for a kind of node to add; `closed` is called once, when it is closed again. */
export const searchNodes = (closed: () => void): void => canvas?.searchNodes(closed);
