/** What lies under a point of the canvas. */

import type { Point, RecordId } from "@/document/records";
import { distanceTo, nearestOn } from "@/geometry/bezier";
import { TITLE } from "@/geometry/node-box";
import { covers } from "@/geometry/rect";
import type { SocketRef } from "./canvas-state";
import { looseWires } from "./loose-ends";
import { GROUP_TITLE } from "./paint/paint-groups";
import type { NodeItem, Scene, WireItem } from "./scene";
import type { End } from "./subgraph-ends";

/** What lies under a point: the topmost thing, and the part of it. */
export type Hit =
  | {
      readonly kind: "socket";
      readonly socket: SocketRef;
      readonly at: Point;
      readonly item: NodeItem | null;
    }
  | { readonly kind: "fold" | "title" | "body" | "corner"; readonly item: NodeItem }
  | { readonly kind: "reroute" | "group-title" | "group-corner"; readonly id: RecordId }
  | { readonly kind: "wire"; readonly wire: WireItem; readonly curve: number; readonly t: number }
  | { readonly kind: "end"; readonly end: End }
  | { readonly kind: "empty" };

/** How near is near enough, in canvas pixels. */
export interface Reach {
  readonly socket: number;
  readonly wire: number;
  readonly corner: number;
}

/** Return how near is near enough at a zoom; fingers need more than a mouse. */
export function reachAt(zoom: number, touch: boolean): Reach {
  const [socket, wire, corner] = touch ? [20, 16, 26] : [9, 6, 14];
  const tooSmall = zoom < (touch ? 0.5 : 0.3);
  return {
    socket: tooSmall ? 0 : Math.min(socket / zoom, 26),
    wire: wire / zoom,
    corner: Math.min(corner / zoom, 24),
  };
}

/** Return a socket of a node as what a wire can be joined to. */
export function socketRef(item: NodeItem, side: "input" | "output", at: number): SocketRef | undefined {
  const place = item.box[side === "input" ? "inputs" : "outputs"][at];
  return place && { node: item.record.raw.id, slot: place.slot, name: place.name, side, type: place.type };
}

function nearest(places: readonly { x: number; y: number }[], [x, y]: Point, reach: number): number {
  let [best, found] = [reach, -1];
  for (const [at, place] of places.entries()) {
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance <= best) [best, found] = [distance, at];
  }
  return found;
}

function socketHit(item: NodeItem, point: Point, reach: number): Hit | undefined {
  if (reach === 0 || item.box.collapsed) return undefined;
  for (const side of ["output", "input"] as const) {
    const places = item.box[side === "input" ? "inputs" : "outputs"];
    const at = nearest(places, point, reach);
    const place = places[at];
    const socket = place && socketRef(item, side, at);
    if (place && socket) return { kind: "socket", socket, at: [place.x, place.y], item };
  }
  return undefined;
}

/** Return what of a node lies under a point. */
function nodeHit(item: NodeItem, point: Point, reach: Reach): Hit | undefined {
  const { box } = item;
  if (!covers(box, point, Math.max(reach.socket, 2))) return undefined;
  const socket = socketHit(item, point, reach.socket);
  if (socket) return socket;
  if (!covers(box, point, 2)) return undefined;
  const [x, y] = point;
  const inCorner = x >= box.x + box.width - reach.corner && y >= box.y + box.height - reach.corner;
  if (inCorner && !box.collapsed && box.title > 0) return { kind: "corner", item };
  if (box.title === 0 || y > box.y + TITLE) return { kind: "body", item };
  return { kind: x < box.x + 26 ? "fold" : "title", item };
}

function endHit(end: End, point: Point, reach: Reach): Hit | undefined {
  const sockets = [...end.sockets, end.empty];
  const place = sockets[nearest(sockets, point, Math.max(reach.socket, 8))];
  if (place) {
    const side = end.sockets.length >= 0 && end.empty.x > end.rect.x ? "output" : "input";
    const socket: SocketRef = { node: end.side, slot: place.slot, name: place.name, side, type: place.type };
    return { kind: "socket", socket, at: [place.x, place.y], item: null };
  }
  return covers(end.rect, point) ? { kind: "end", end } : undefined;
}

function looseHit(scene: Scene, point: Point, reach: Reach): Hit | undefined {
  const wires = looseWires(scene);
  const places = wires.map(({ at: [x, y] }) => ({ x, y }));
  const wire = wires[nearest(places, point, Math.max(reach.socket, 8))];
  return wire && { kind: "socket", socket: wire.socket, at: wire.at, item: null };
}

function wireHit(scene: Scene, point: Point, reach: number): Hit | undefined {
  let best = reach;
  let hit: Hit | undefined;
  for (const wire of scene.wires.values()) {
    if (!covers(wire.bounds, point, reach)) continue;
    for (const [at, curve] of wire.curves.entries()) {
      const distance = distanceTo(curve, point);
      if (distance > best) continue;
      best = distance;
      hit = { kind: "wire", wire, curve: at, t: nearestOn(curve, point) };
    }
  }
  return hit;
}

function groupHit(scene: Scene, point: Point, reach: Reach): Hit | undefined {
  const [x, y] = point;
  const under = [...scene.groups.values()].filter(({ rect }) => covers(rect, point)).reverse();
  under.sort((a, b) => a.rect.width * a.rect.height - b.rect.width * b.rect.height);
  for (const { id, rect } of under) {
    const inCorner = x >= rect.x + rect.width - reach.corner && y >= rect.y + rect.height - reach.corner;
    if (inCorner) return { kind: "group-corner", id };
    if (y <= rect.y + GROUP_TITLE) return { kind: "group-title", id };
  }
  return undefined;
}

/** Return the node that lies uppermost under a point. */
export function nodeUnder(scene: Scene, point: Point): NodeItem | undefined {
  for (let at = scene.order.length - 1; at >= 0; at--) {
    const item = scene.nodes.get(scene.order[at] ?? "");
    if (item && covers(item.box, point)) return item;
  }
  return undefined;
}

/** Return what lies uppermost under a point. Wires that are hidden are not found. */
export function hitAt(scene: Scene, point: Point, reach: Reach, wires = true): Hit {
  for (let at = scene.order.length - 1; at >= 0; at--) {
    const item = scene.nodes.get(scene.order[at] ?? "");
    const hit = item && nodeHit(item, point, reach);
    if (hit) return hit;
  }
  for (const end of scene.ends) {
    const hit = endHit(end, point, reach);
    if (hit) return hit;
  }
  const loose = looseHit(scene, point, reach);
  if (loose) return loose;
  for (const { id, at } of scene.reroutes.values()) {
    if (Math.hypot(at[0] - point[0], at[1] - point[1]) <= Math.max(9, reach.wire))
      return { kind: "reroute", id };
  }
  return (
    (wires ? wireHit(scene, point, reach.wire) : undefined) ??
    groupHit(scene, point, reach) ?? { kind: "empty" }
  );
}

/** Return what the keyboard is on as if it had been pressed. */
export function hitOn(scene: Scene, id: RecordId): Hit | undefined {
  const item = scene.nodes.get(id);
  if (item) return { kind: "title", item };
  if (scene.reroutes.has(id)) return { kind: "reroute", id };
  return scene.groups.has(id) ? { kind: "group-title", id } : undefined;
}
