/** Points that wires are led through, without a pointer. */

import { positionOf, sizeOf } from "@/document/nodes";
import {
  type LinkRecord,
  type Point,
  type RecordId,
  type RerouteRecord,
  rerouteId,
  type Scope,
} from "@/document/records";
import { chainTo } from "@/document/reroute-chains";
import { addReroute } from "@/document/reroutes";
import type { DocumentStore } from "@/document/store";
import type { Place } from "./wire-ends";

/** Return where a point lies. */
export function pointOf({ raw }: RerouteRecord): Point {
  const pair = (raw.pos ?? {}) as { readonly [key: string]: unknown };
  const [x, y] = [Number(pair[0]), Number(pair[1])];
  return [Number.isFinite(x) ? x : 0, Number.isFinite(y) ? y : 0];
}

/** Return the points that a wire is led through, from its origin on. */
export const pointsOf = ({ store, scope }: Place, link: LinkRecord): RerouteRecord[] =>
  chainTo(store, scope, link.parent);

/** Return the wires that are led through a point. */
export function wiresThrough(store: DocumentStore, scope: Scope, id: number): LinkRecord[] {
  const links = store.sheet(scope).links.map((one) => store.get(one));
  return links
    .filter((link) => link?.kind === "link")
    .filter((link) => chainTo(store, scope, link.parent).some(({ raw }) => raw.id === id));
}

/** Return about where the last part of a wire begins and ends: points, or the sides of its nodes. */
function lastPart(place: Place, link: LinkRecord): readonly [Point, Point] {
  const { store, scope } = place;
  const before = pointsOf(place, link).at(-1);
  const [origin, target] = [store.node(scope, link.origin)?.raw, store.node(scope, link.target)?.raw];
  const [ox, oy] = origin ? positionOf(origin) : [0, 0];
  const right: Point = [ox + (origin ? sizeOf(origin)[0] : 0), oy + 20];
  const begin = before ? pointOf(before) : right;
  const [tx, ty] = target ? positionOf(target) : [begin[0] + 200, begin[1]];
  return [begin, [tx, ty + 20]];
}

/** Lead a wire through a new point in the middle of its last part; returns the point's id. */
export function leadRound(place: Place, link: LinkRecord): RecordId {
  const [[ax, ay], [bx, by]] = lastPart(place, link);
  const middle: Point = [Math.round((ax + bx) / 2), Math.round((ay + by) / 2)];
  const added = place.store.transact("canvas.reroute", (tx) => addReroute(tx, place.scope, link.id, middle));
  return rerouteId(place.scope, added.raw.id);
}
