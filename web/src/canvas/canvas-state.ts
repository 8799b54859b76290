/** What is going on on the canvas at this moment: none of it belongs to the document. */

import { create } from "zustand";
import type { LooseEnd } from "@/document/loose-ends";
import type { FileId, Json, Point, RecordId } from "@/document/records";
import type { Rect } from "@/geometry/rect";
import type { Guide } from "@/geometry/snap";

/** One end of a wire: a socket of a node, or of a subgraph's own inputs or outputs. */
export interface SocketRef {
  readonly node: FileId;
  /** Place in the list of sockets; -1 for an input that the file does not have yet. */
  readonly slot: number;
  readonly name: string;
  readonly side: "input" | "output";
  readonly type: Json;
  /** Said of the end of a wire in the air: what is joined to it is joined to the socket, through its reroutes. */
  readonly loose?: LooseEnd;
}

/** A wire that is being drawn. */
export interface Wiring {
  readonly from: SocketRef;
  /** Where the loose end is, in canvas pixels. */
  readonly at: Point;
  /** The socket that it would be joined to now. */
  readonly over: SocketRef | null;
  /** The wires that were taken off their sockets for this. */
  readonly taken: ReadonlySet<RecordId>;
  /** More fixed ends: all of them are joined to the socket that the loose end comes to. */
  readonly also: readonly SocketRef[];
}

/** What is being moved, and how far. */
export interface Drag {
  readonly ids: ReadonlySet<RecordId>;
  readonly offset: Point;
  readonly guides: readonly Guide[];
}

interface CanvasState {
  readonly wiring: Wiring | null;
  readonly drag: Drag | null;
  /** The rectangle that selects what it touches. */
  readonly box: Rect | null;
  readonly hoveredWire: RecordId | null;
  /** The node or group whose title is being typed. */
  readonly renaming: RecordId | null;
  /** The node that the keyboard is on. */
  readonly focused: RecordId | null;
  /** The wire whose menu is open, and where, in pixels of the window. */
  readonly wireMenu: { readonly id: RecordId; readonly at: Point } | null;
  /** Whether the list for joining sockets by keyboard is open, for which node. */
  readonly joining: RecordId | null;
}

/** What goes on now, for components; none of it outlasts the page. */
export const useCanvasState = create<CanvasState>(() => ({
  wiring: null,
  drag: null,
  box: null,
  hoveredWire: null,
  renaming: null,
  focused: null,
  wireMenu: null,
  joining: null,
}));

/** Change what is going on. */
export const setCanvasState = (change: Partial<CanvasState>): void => useCanvasState.setState(change);
/** What is going on now. For use outside React. */
export const canvasState = (): CanvasState => useCanvasState.getState();
