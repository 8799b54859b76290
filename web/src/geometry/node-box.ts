/**
 * Where everything of a node lies, in canvas pixels.
 *
 * As in the files, a node's position is the upper left corner of its body; the title lies above it. A node is
 * as large as the file says, or as large as what is on it needs, whichever is more.
 */

import type { NodeDefinition } from "@/catalogue/definitions";
import { type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import { type InputSocket, sockets } from "@/catalogue/sockets";
import { positionOf, sizeOf } from "@/document/nodes";
import type { Json, Point, RawNode } from "@/document/records";
import type { Rect } from "./rect";
import { rowHeight, takesRest, WIDGET } from "./widget-rows";

/** Height of the title. */
export const TITLE = 30;
/** Height of a row with a socket on one or both sides. */
export const SLOT = 22;
/** Space between the side of a node and its widgets. */
export const INSET = 10;
/** Space below the last row. */
const BOTTOM = 6;
const MIN_WIDTH = 140;
const MIN_FIELD_WIDTH = 220;
/** Height of the line that says that the kind of a node is not known. */
const MISSING = 22;
/** Least height of the pictures on a node. */
const MIN_PREVIEW = 160;
const REROUTE_WIDTH = 75;
const REROUTE_HEIGHT = 26;

/** A socket, and the middle of its dot. */
export interface SocketPlace {
  /** Its place in the file's list, -1 for an input that the file does not have yet. */
  readonly slot: number;
  readonly name: string;
  readonly label: string;
  readonly type: Json;
  readonly x: number;
  readonly y: number;
  /** Whether the node does not run without a wire into it. */
  readonly required: boolean;
  /** Whether a wire is joined to it. */
  readonly taken: boolean;
  /** The widget that the input stands for, which is drawn in the same row. */
  readonly widget?: WidgetSlot;
}

/** A row of a node with a widget, in canvas pixels. */
export interface WidgetPlace {
  readonly slot: WidgetSlot;
  readonly label: string;
  /** Whether a wire gives the value instead. */
  readonly linked: boolean;
  /** Upper edge. */
  readonly y: number;
  /** Without the gap below. */
  readonly height: number;
}

/** Where a node and its parts lie; y is the top of the title. */
export interface NodeBox extends Rect {
  /** Height of the title; 0 for a node that has none. */
  readonly title: number;
  readonly collapsed: boolean;
  readonly inputs: readonly SocketPlace[];
  readonly outputs: readonly SocketPlace[];
  readonly widgets: readonly WidgetPlace[];
  /** Room for pictures below the widgets; null where there is none. */
  readonly preview: { readonly y: number; readonly height: number } | null;
}

/** Return about how wide a text is at 12 px. */
function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += letter.charCodeAt(0) > 0x2e7f ? 12 : 6.4;
  return width;
}

type Found = ReturnType<typeof sockets>;

const placed = (socket: InputSocket, x: number, y: number, widget?: WidgetSlot): SocketPlace => ({
  slot: socket.slot,
  name: socket.name,
  label: socket.label,
  type: socket.type,
  required: socket.required && socket.widget === null,
  taken: socket.link !== null,
  x,
  y,
  ...(widget && { widget }),
});

/** Outputs that the file lacks come after those that it has: their place in this list is their slot. */
const placedOutput = (found: Found, at: number, x: number, y: number): SocketPlace => {
  const socket = found.outputs[at];
  return {
    slot: at,
    name: socket?.name ?? "",
    label: socket?.label ?? "",
    type: socket?.type ?? "*",
    required: false,
    taken: (socket?.links.length ?? 0) > 0,
    x,
    y,
  };
};

function placeWidgets(
  slots: readonly WidgetSlot[],
  inputs: ReadonlyMap<string, InputSocket>,
  top: number,
  room: number,
): WidgetPlace[] {
  const needed = slots.reduce((sum, slot) => sum + rowHeight(slot), 0);
  const growing = slots.filter(takesRest).length;
  const extra = growing === 0 ? 0 : Math.max(0, room - needed) / growing;
  let y = top;
  return slots.map((slot) => {
    const height = rowHeight(slot) + (takesRest(slot) ? extra : 0);
    const socket = slot.sent ? inputs.get(slot.name) : undefined;
    const linked = socket !== undefined && socket.link !== null;
    const place = { slot, label: socket?.label ?? slot.name, linked, y, height: height - 2 };
    y += height;
    return place;
  });
}

/** Return the width that a collapsed node needs for its title. */
const collapsedWidth = (title: string): number => Math.min(360, Math.max(100, textWidth(title) * 1.28 + 52));

function collapsedBox([x, y]: Point, found: Found, title: string): NodeBox {
  const box = { x, y: y - TITLE, width: collapsedWidth(title), height: TITLE };
  const row = box.y + TITLE / 2;
  return {
    ...box,
    title: TITLE,
    collapsed: true,
    inputs: found.inputs.filter(({ slot }) => slot >= 0).map((socket) => placed(socket, x, row)),
    outputs: found.outputs.map((_, at) => placedOutput(found, at, x + box.width, row)),
    widgets: [],
    preview: null,
  };
}

function rerouteBox([x, y]: Point, found: Found): NodeBox {
  const row = y + REROUTE_HEIGHT / 2;
  return {
    x,
    y,
    width: REROUTE_WIDTH,
    height: REROUTE_HEIGHT,
    title: 0,
    collapsed: false,
    inputs: found.inputs.slice(0, 1).map((socket) => ({ ...placed(socket, x, row), label: "" })),
    outputs: found.outputs
      .slice(0, 1)
      .map((_, at) => ({ ...placedOutput(found, at, x + REROUTE_WIDTH, row), label: "" })),
    widgets: [],
    preview: null,
  };
}

function neededWidth(plain: readonly InputSocket[], found: Found, fields: number): number {
  let width = fields > 0 ? MIN_FIELD_WIDTH : MIN_WIDTH;
  for (let row = 0; row < Math.max(plain.length, found.outputs.length); row++) {
    const left = plain[row];
    const right = found.outputs[row];
    const labels = (left ? textWidth(left.label) + 24 : 0) + (right ? textWidth(right.label) + 24 : 0);
    width = Math.max(width, labels);
  }
  return width;
}

/** Rows at the top of a node, and what stands for widgets. */
function sortInputs(found: Found, slots: readonly WidgetSlot[]) {
  const names = new Set(slots.filter((slot) => slot.sent).map((slot) => slot.name));
  const plain: InputSocket[] = [];
  const byWidget = new Map<string, InputSocket>();
  for (const socket of found.inputs) {
    if (socket.widget !== null && names.has(socket.widget)) byWidget.set(socket.widget, socket);
    else plain.push(socket);
  }
  return { plain, byWidget };
}

interface Heights {
  readonly rows: number;
  readonly fields: number;
  readonly body: number;
  readonly rest: number;
  readonly grows: boolean;
}

function heightsOf(rowCount: number, slots: readonly WidgetSlot[], saved: number, below: number): Heights {
  const rows = rowCount * SLOT;
  const fields = slots.reduce((sum, slot) => sum + rowHeight(slot), 0);
  const before = rows + fields + (fields > 0 ? 4 : 0) + BOTTOM;
  const body = Math.max(saved, before + below, SLOT + BOTTOM);
  return { rows, fields, body, rest: body - before, grows: slots.some(takesRest) };
}

function openBox(raw: RawNode, definition: NodeDefinition | undefined, preview: boolean): NodeBox {
  const [x, top] = positionOf(raw);
  const found = sockets(definition, raw);
  const slots = widgetSlots(definition, raw).filter((slot) => rowHeight(slot) > 0);
  const { plain, byWidget } = sortInputs(found, slots);
  const saved = raw.size === undefined ? undefined : sizeOf(raw);
  const rowCount = Math.max(plain.length, found.outputs.length);
  const below = (preview ? MIN_PREVIEW : 0) + (definition ? 0 : MISSING);
  const { rows, fields, body, rest, grows } = heightsOf(rowCount, slots, saved?.[1] ?? 0, below);
  const width = Math.max(saved?.[0] ?? neededWidth(plain, found, slots.length), 60);
  const pictures = !preview ? 0 : grows ? MIN_PREVIEW : rest;
  const widgets = placeWidgets(slots, byWidget, top + rows + 2, fields + rest - pictures);
  const row = (at: number) => top + at * SLOT + SLOT / 2 + 2;
  const ofWidgets = widgets.flatMap(({ slot, y, height }) => {
    const socket = slot.sent ? byWidget.get(slot.name) : undefined;
    return socket ? [placed(socket, x, y + Math.min(height, WIDGET - 2) / 2, slot)] : [];
  });
  return {
    x,
    y: top - TITLE,
    width,
    height: body + TITLE,
    title: TITLE,
    collapsed: false,
    inputs: [...plain.map((socket, at) => placed(socket, x, row(at))), ...ofWidgets],
    outputs: found.outputs.map((_, at) => placedOutput(found, at, x + width, row(at))),
    widgets,
    preview: preview ? { y: top + body - BOTTOM - pictures, height: pictures } : null,
  };
}

function makeBox(raw: RawNode, definition: NodeDefinition | undefined, preview: boolean): NodeBox {
  if (raw.type === "Reroute") return rerouteBox(positionOf(raw), sockets(definition, raw));
  if (raw.flags?.collapsed !== true) return openBox(raw, definition, preview);
  return collapsedBox(positionOf(raw), sockets(definition, raw), raw.title ?? definition?.title ?? raw.type);
}

interface Kept {
  readonly definition: NodeDefinition | undefined;
  readonly preview: boolean;
  readonly box: NodeBox;
}

const kept = new WeakMap<RawNode, Kept>();

/**
 * Return where everything of a node lies.
 *
 * @param definition The node's kind; undefined for one that is not known.
 * @param preview Whether there are pictures to show on it, which need room.
 */
export function nodeBox(raw: RawNode, definition: NodeDefinition | undefined, preview = false): NodeBox {
  const known = kept.get(raw);
  if (known && known.definition === definition && known.preview === preview) return known.box;
  const box = makeBox(raw, definition, preview);
  kept.set(raw, { definition, preview, box });
  return box;
}
