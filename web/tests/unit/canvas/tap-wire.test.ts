import { beforeEach, expect, test } from "vitest";
import { canvasState, type SocketRef } from "@/canvas/canvas-state";
import { beginTap, dropTap, endTap } from "@/canvas/gestures/tap-wire";
import { socketRef } from "@/canvas/hit";
import type { Scene } from "@/canvas/scene";
import { linkOf, type Point } from "@/document/records";
import { smallScene } from "./small-workflow";

const press = (at: Point) => ({ at, screen: at, shift: false, alt: false, mod: false, touch: true }) as const;

function socket(scene: Scene, node: number, side: "input" | "output", at = 0): [SocketRef, Point] {
  const item = scene.node(node);
  const place = item?.box[side === "input" ? "inputs" : "outputs"][at];
  const ref = item && socketRef(item, side, at);
  if (!place || !ref) throw new Error(`node ${node} has no such socket`);
  return [ref, [place.x, place.y]];
}

beforeEach(dropTap);

test("two taps on sockets that fit join them as one step, in either order", () => {
  const { store, scene } = smallScene();
  const [source, from] = socket(scene, 1, "output");
  const [, to] = socket(scene, 3, "input");
  beginTap(scene, source, press(from));
  expect(canvasState().wiring?.from).toEqual(source);
  expect(endTap(scene, press([to[0] + 6, to[1] - 6]))).toBe(true);
  expect(canvasState().wiring).toBeNull();
  const input = store.node("root", 3)?.raw.inputs?.[0];
  expect(linkOf(store, "root", input?.link ?? -1)?.origin).toBe(1);
  store.undo();
  expect(linkOf(store, "root", store.node("root", 3)?.raw.inputs?.[0]?.link ?? -1)?.origin).toBe(2);
  const [show, at] = socket(scene, 3, "input");
  beginTap(scene, show, press(at));
  expect(endTap(scene, press(from))).toBe(true);
});

test("a second tap elsewhere, or on a socket that does not fit, joins nothing and ends it", () => {
  const { store, scene } = smallScene();
  const [source, from] = socket(scene, 1, "output");
  beginTap(scene, source, press(from));
  expect(endTap(scene, press([5000, 5000]))).toBe(false);
  expect(canvasState().wiring).toBeNull();
  const [, number] = socket(scene, 4, "output");
  beginTap(scene, source, press(from));
  expect(endTap(scene, press(number))).toBe(false);
  expect(endTap(scene, press(from))).toBe(false);
  expect(store.done).toHaveLength(0);
});
