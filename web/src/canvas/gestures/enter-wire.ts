/** Puts a node that is dropped on a wire into it. */

import type { Point, RecordId } from "@/document/records";
import type { Transaction } from "@/document/transaction";
import { pointAt } from "@/geometry/bezier";
import { covers, overlap, type Rect } from "@/geometry/rect";
import { endOf, join, type Target, targetsOn } from "../joining";
import type { NodeItem, Scene, WireItem } from "../scene";

/** Points of a wire that are looked at. */
const PIECES = 32;

/** Return the one node among what is dragged, when nothing is joined to it. */
export function looseNode(scene: Scene, dragged: ReadonlySet<RecordId>): NodeItem | undefined {
  const [id, ...more] = dragged;
  const item = id === undefined || more.length > 0 ? undefined : scene.nodes.get(id);
  return item && scene.wiresAt(item.record.raw.id).size === 0 ? item : undefined;
}

interface Ends {
  /** The input of the node that the wire comes to, and the output from which it goes on. */
  readonly input: Target;
  readonly output: Target;
}

/** Return by which sockets a node would go into a wire; undefined where it does not fit. */
function endsFor(scene: Scene, item: NodeItem, wire: WireItem): Ends | undefined {
  const [from, to] = [endOf(scene, wire, "output"), endOf(scene, wire, "input")];
  const input = from && targetsOn(item, from)[0];
  const output = to && targetsOn(item, to)[0];
  return input && output && { input, output };
}

/** Return how near a wire comes to the middle of a rectangle that it crosses; Infinity where it does not. */
function nearness({ curves }: WireItem, rect: Rect): number {
  let best = Infinity;
  for (const curve of curves) {
    for (let at = 0; at <= PIECES; at++) {
      const point = pointAt(curve, at / PIECES);
      if (!covers(rect, point)) continue;
      best = Math.min(
        best,
        Math.hypot(point[0] - rect.x - rect.width / 2, point[1] - rect.y - rect.height / 2),
      );
    }
  }
  return best;
}

/** Return the wire that a node would be put into if it were let go `offset` away; null for none. */
export function wireToEnter(scene: Scene, item: NodeItem, [dx, dy]: Point): RecordId | null {
  const rect = { ...item.box, x: item.box.x + dx, y: item.box.y + dy };
  let best = Infinity;
  let found: RecordId | null = null;
  for (const wire of scene.wires.values()) {
    if (!overlap(wire.bounds, rect)) continue;
    const distance = nearness(wire, rect);
    if (distance >= best || !endsFor(scene, item, wire)) continue;
    best = distance;
    found = wire.id;
  }
  return found;
}

/** Put a node into a wire, in a transaction. */
export function enterWire(tx: Transaction, scene: Scene, item: NodeItem, id: RecordId): void {
  const wire = scene.wires.get(id);
  const ends = wire && endsFor(scene, item, wire);
  const [from, to] = wire ? [endOf(scene, wire, "output"), endOf(scene, wire, "input")] : [];
  if (!ends || !from || !to) return;
  join(tx, scene, from, ends.input.socket);
  join(tx, scene, ends.output.socket, to);
}
