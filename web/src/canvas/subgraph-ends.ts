/** Where the inputs and outputs of a subgraph are drawn on its sheet. */

import type { Json, JsonObject, SheetRecord } from "@/document/records";
import { ROOT, SUBGRAPH_INPUT, SUBGRAPH_OUTPUT } from "@/document/records";
import { subgraphInputs, subgraphOutputs } from "@/document/subgraphs";
import { SLOT, TITLE } from "@/geometry/node-box";
import type { Rect } from "@/geometry/rect";

/** A socket at the edge of a subgraph; x and y are its middle, in canvas pixels. */
export interface EndSocket {
  readonly slot: number;
  readonly name: string;
  readonly type: Json;
  readonly x: number;
  readonly y: number;
}

/** The inputs or the outputs of a subgraph, drawn like a node. */
export interface End {
  readonly side: typeof SUBGRAPH_INPUT | typeof SUBGRAPH_OUTPUT;
  readonly rect: Rect;
  readonly sockets: readonly EndSocket[];
  /** The empty socket below the others: a wire that is dropped there makes a new one. */
  readonly empty: EndSocket;
}

const WIDTH = 160;

function cornerOf(end: Json | undefined): readonly [number, number] | undefined {
  const bounding = (end as JsonObject | undefined)?.bounding;
  if (!Array.isArray(bounding)) return undefined;
  const [x, y] = [Number(bounding[0]), Number(bounding[1])];
  return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : undefined;
}

function readEnd(sheet: SheetRecord, side: End["side"]): End {
  const inner = side === SUBGRAPH_INPUT;
  const slots = inner ? subgraphInputs(sheet) : subgraphOutputs(sheet);
  const [x, y] = cornerOf(inner ? sheet.rest.inputNode : sheet.rest.outputNode) ?? [inner ? -240 : 1200, 0];
  const at = (slot: number, name: string, type: Json): EndSocket => ({
    slot,
    name,
    type,
    x: inner ? x + WIDTH : x,
    y: y + TITLE + slot * SLOT + SLOT / 2 + 2,
  });
  return {
    side,
    rect: { x, y, width: WIDTH, height: TITLE + (slots.length + 1) * SLOT + 8 },
    sockets: slots.map((socket, slot) => at(slot, socket.label ?? socket.name, socket.type)),
    empty: at(slots.length, "", "*"),
  };
}

/** Return both ends of a subgraph's sheet; none for the workflow itself. */
export const readEnds = (sheet: SheetRecord): readonly End[] =>
  sheet.scope === ROOT ? [] : [readEnd(sheet, SUBGRAPH_INPUT), readEnd(sheet, SUBGRAPH_OUTPUT)];
