/** Decides what pressing on something begins. */

import { setFlag } from "@/document/nodes";
import type { Point, RecordId } from "@/document/records";
import { openPanel } from "@/editor/panels-state";
import { cameraView } from "../camera";
import type { Hit } from "../hit";
import { endOf } from "../joining";
import type { NodeItem, Scene, WireItem } from "../scene";
import { dragCopies, dragNewPoint } from "./drag-copies";
import { dragEnd } from "./drag-end";
import { dragItems } from "./drag-items";
import { drawWire, wireFrom } from "./draw-wire";
import type { Gesture, Press } from "./gesture";
import { resizeGroup, resizeItem } from "./resize";
import { select, selectBox, selected } from "./select-box";

/** Select a thing as a press on it does: alone, or added to or taken from the selection with Shift or Ctrl. */
function selectPressed(id: RecordId, press: Press): void {
  const now = selected();
  if (press.shift || press.mod) {
    const next = new Set(now);
    if (!next.delete(id)) next.add(id);
    select(next);
  } else if (!now.has(id)) select([id]);
}

/** Return what moves when a thing is dragged: the selection, if it is part of it. */
const draggedWith = (id: RecordId): Iterable<RecordId> => {
  const now = selected();
  return now.has(id) ? now : [id];
};

function onItem(scene: Scene, id: RecordId, press: Press, click?: () => void): Gesture {
  const wasSelected = selected().has(id);
  if (press.alt && !press.mod) return dragCopies(scene, draggedWith(id), press);
  if (press.mod && !press.touch) {
    return { ...selectBox(scene, press.at), click: () => selectPressed(id, press) };
  }
  if (!press.touch || wasSelected) selectPressed(id, press);
  return dragItems(scene, draggedWith(id), press.at, () => {
    if (!press.shift) select([id]);
    if (press.touch && scene.nodes.has(id)) openPanel("inspector");
    click?.();
  });
}

/** A click on the arrow folds the node; a drag from there moves it. */
function onFold(scene: Scene, item: NodeItem, press: Press): Gesture {
  return onItem(scene, item.id, press, () => {
    const { raw } = item.record;
    const folded = raw.flags?.collapsed === true;
    scene.store.transact("canvas.collapse", (tx) => setFlag(tx, scene.scope, raw.id, "collapsed", !folded));
  });
}

/** How near its end a wire is taken off, in CSS pixels. Elsewhere a drag moves the view. */
const END = 40;

/** Near its ends a wire is taken off; with Alt it is led through a new point. */
function onWire(scene: Scene, wire: WireItem, curve: number, press: Press): Gesture | undefined {
  if (press.mod && !press.alt && !press.touch) return selectBox(scene, press.at);
  if (press.alt) return dragNewPoint(scene, wire, curve, press);
  const distance = (point: Point | undefined) =>
    point ? Math.hypot(point[0] - press.at[0], point[1] - press.at[1]) : Infinity;
  const [from, to] = [distance(wire.points[0]), distance(wire.points.at(-1))];
  if (press.touch || Math.min(from, to) * cameraView().zoom > END) return undefined;
  const kept = endOf(scene, wire, from < to ? "input" : "output");
  return kept && drawWire(scene, kept, { taken: [wire.id] });
}

/** Return what a press begins; undefined where the view is to be moved instead. */
export function pressOn(scene: Scene, hit: Hit, press: Press): Gesture | undefined {
  switch (hit.kind) {
    case "socket":
      return wireFrom(scene, hit.socket, press);
    case "corner":
      return resizeItem(scene, hit.item, press.at);
    case "fold":
      return onFold(scene, hit.item, press);
    case "title":
    case "body":
      return onItem(scene, hit.item.id, press);
    case "reroute":
    case "group-title":
      return onItem(scene, hit.id, press);
    case "group-corner": {
      const group = scene.groups.get(hit.id);
      return group && resizeGroup(scene, group, press.at);
    }
    case "wire":
      return onWire(scene, hit.wire, hit.curve, press);
    case "end":
      return dragEnd(scene, hit.end, press.at);
    case "empty":
      return press.shift || press.mod ? selectBox(scene, press.at) : undefined;
  }
}

/** Return the id of the thing under a press that can be selected; undefined where there is none. */
export function pressedId(hit: Hit): RecordId | undefined {
  if (hit.kind === "reroute" || hit.kind === "group-title" || hit.kind === "group-corner") return hit.id;
  return "item" in hit ? hit.item?.id : undefined;
}
