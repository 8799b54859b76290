/** Copies what is dragged, or makes a point in the wire that is dragged: it comes and moves in one step of undo. */

import { idOf, type Point, type RecordId } from "@/document/records";
import { addReroute } from "@/document/reroutes";
import type { Transaction } from "@/document/transaction";
import { nearestOn, pointAt } from "@/geometry/bezier";
import { copyInPlace, duplicate, rerouteWire } from "../editing";
import type { Scene, WireItem } from "../scene";
import { dragItems } from "./drag-items";
import type { Gesture, Press } from "./gesture";
import { select } from "./select-box";

/** Make something once the pointer moves, and move it from then on. */
function dragNew(
  scene: Scene,
  label: string,
  from: Point,
  make: (tx: Transaction) => readonly RecordId[],
  click: () => void,
): Gesture {
  let drag: Gesture | null = null;
  let open: ReturnType<typeof scene.store.gesture> | null = null;
  const begin = (): Gesture => {
    const whole = scene.store.gesture(label);
    open = whole;
    let made: readonly RecordId[] = [];
    whole.update((tx) => {
      made = make(tx);
    });
    select(made);
    return dragItems(scene, made, from, () => undefined, whole.update);
  };
  return {
    move: (press) => {
      drag ??= begin();
      drag.move(press);
    },
    end: (press) => {
      drag?.end(press);
      open?.commit();
    },
    click,
    cancel: () => {
      drag?.cancel();
      open?.cancel();
    },
  };
}

/** Begin to drag copies of some things; a click leaves copies beside them. With Shift they keep the wires into them. */
export function dragCopies(scene: Scene, ids: Iterable<RecordId>, press: Press): Gesture {
  const list = [...ids];
  const keepWires = press.shift;
  return dragNew(
    scene,
    "canvas.duplicate",
    press.at,
    (tx) => copyInPlace(tx, scene, list, { keepWires }),
    () => void duplicate(scene, list, { keepWires }),
  );
}

/** Begin to drag a new point of a wire; a click leaves it where it was made. */
export function dragNewPoint(scene: Scene, wire: WireItem, curve: number, press: Press): Gesture | undefined {
  const bezier = wire.curves[curve];
  if (!bezier) return undefined;
  const at = pointAt(bezier, nearestOn(bezier, press.at));
  const place: Point = [Math.round(at[0]), Math.round(at[1])];
  const before = scene.reroutesOf(wire.record)[curve];
  return dragNew(
    scene,
    "canvas.reroute",
    press.at,
    (tx) => [idOf(addReroute(tx, scene.scope, wire.record.id, place, before?.record.raw.id))],
    () => rerouteWire(scene, wire.id, at, curve),
  );
}
