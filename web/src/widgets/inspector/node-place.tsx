/** Where a node lies and how large it is. */

import { moveItems, positionOf, resizeNode, sizeOf } from "@/document/nodes";
import type { NodeRecord, Point, Size } from "@/document/records";
import { PlaceFields } from "./place-fields";
import { recordIdOf } from "./wire-changes";
import type { Place } from "./wire-ends";

/** The least that a node can be made, in canvas pixels. */
const LEAST: Size = [80, 20];

/** Fields for the corner of a node's body and for its size. */
export function NodePlace({ place, node }: { readonly place: Place; readonly node: NodeRecord }) {
  const { store, scope } = place;
  const id = recordIdOf(node);
  const [x, y] = positionOf(node.raw);
  const [width, height] = sizeOf(node.raw);
  const move = (at: Point) =>
    store.transact("canvas.move", (tx) => moveItems(tx, new Map([[id, at]])), `place ${id}`);
  const resize = (size: Size) =>
    store.transact("canvas.resize", (tx) => resizeNode(tx, scope, node.raw.id, size), `size ${id}`);
  return (
    <PlaceFields
      figures={[
        { label: "widgets.placeX", value: x, set: (next) => move([next, y]) },
        { label: "widgets.placeY", value: y, set: (next) => move([x, next]) },
        { label: "widgets.width", value: width, min: LEAST[0], set: (next) => resize([next, height]) },
        { label: "widgets.height", value: height, min: LEAST[1], set: (next) => resize([width, next]) },
      ]}
    />
  );
}
