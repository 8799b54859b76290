/** Wires that end in the air: how they run, and their loose ends, which are sockets like others. */

import type { LooseEnd } from "@/document/loose-ends";
import { looseEnds } from "@/document/loose-ends";
import { type Point, type RecordId, rerouteId } from "@/document/records";
import { chainTo } from "@/document/reroute-chains";
import type { SocketRef } from "./canvas-state";
import { pointOf } from "./reroute-point";
import type { Scene, Shift } from "./scene";

/** A wire that ends in the air, as it is drawn. */
export interface LooseWire {
  /** The loose end, as the socket at the other end of the wire. */
  readonly socket: SocketRef;
  readonly at: Point;
  /** From left to right, or from the output to the input as far as there are some. */
  readonly points: readonly Point[];
  /** The node and the reroutes that it is at. */
  readonly through: readonly RecordId[];
}

/** How far from its reroute a loose end lies, in canvas pixels. */
const AWAY = 22;

const moved = ([x, y]: Point, shift: Point | undefined): Point =>
  shift ? [x + shift[0], y + shift[1]] : [x, y];

/** Return the wires that end in the air, where they run when things are moved by `shift`. */
export function looseWires(scene: Scene, shift?: Shift): readonly LooseWire[] {
  return looseEnds(scene.store, scene.scope).flatMap((end) => wireOf(scene, end, shift));
}

function wireOf(scene: Scene, loose: LooseEnd, shift: Shift | undefined): LooseWire[] {
  const begin = socketAt(scene, loose);
  if (!begin) return [];
  const chain = chainTo(scene.store, scene.scope, loose.parent);
  const ids = chain.map(({ raw }) => rerouteId(scene.scope, raw.id));
  const between = chain.map(({ raw }, at) => moved(pointOf(raw.pos), shift?.(ids[at] ?? "")));
  const socketPoint = moved(begin.at, begin.id === undefined ? undefined : shift?.(begin.id));
  const isOutput = loose.side === "output";
  const [x, y] = (isOutput ? between.at(-1) : between[0]) ?? socketPoint;
  const at: Point = [isOutput ? x + AWAY : x - AWAY, y];
  const { node, slot, side, type } = loose;
  return [
    {
      socket: { node, slot, name: begin.name, side, type, loose },
      at,
      points: isOutput ? [socketPoint, ...between, at] : [at, ...between, socketPoint],
      through: begin.id === undefined ? ids : [begin.id, ...ids],
    },
  ];
}

interface Begin {
  readonly at: Point;
  readonly name: string;
  /** The node; undefined for an input or output of the subgraph itself. */
  readonly id: RecordId | undefined;
}

function socketAt(scene: Scene, { node, slot, side }: LooseEnd): Begin | undefined {
  const item = scene.node(node);
  if (item) {
    const places = side === "output" ? item.box.outputs : item.box.inputs;
    const place = places.find((one) => one.slot === slot);
    return place && { at: [place.x, place.y], name: place.name, id: item.id };
  }
  const place = scene.ends.find((end) => end.side === Number(node))?.sockets[slot];
  return place && { at: [place.x, place.y], name: place.name, id: undefined };
}
