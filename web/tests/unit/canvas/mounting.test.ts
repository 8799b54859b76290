import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bindScene, reportSize, reportView, viewOf } from "@/canvas/camera";
import { setCanvasState } from "@/canvas/canvas-state";
import { MOUNT_ZOOM, Mounting } from "@/canvas/mounting";
import { amendNode, moveItems } from "@/document/nodes";
import { smallScene } from "./small-workflow";

beforeEach(() => {
  vi.useFakeTimers();
  reportSize(1000, 800);
  reportView({ x: 100, y: 100, zoom: 1 });
  setCanvasState({ focused: null, renaming: null });
});
afterEach(() => vi.useRealTimers());

function mounted() {
  const { store, scene } = smallScene();
  bindScene(scene);
  let ids: ReadonlySet<string> = new Set();
  const mounting = new Mounting(scene, (next) => {
    ids = next;
  });
  vi.runAllTimers();
  return { store, scene, mounting, ids: () => [...ids].sort() };
}

const ALL = ["node:root:1", "node:root:2", "node:root:3", "node:root:4"];

test("nodes in view are mounted where they can be read", () => {
  const { ids, mounting } = mounted();
  expect(ids()).toEqual(ALL);
  expect(mounting.has("node:root:2")).toBe(true);
});

test("far out only the node that the keyboard comes to is there, and it is not seen", () => {
  const { ids, mounting } = mounted();
  reportView({ x: 0, y: 0, zoom: MOUNT_ZOOM / 2 });
  vi.runAllTimers();
  expect(ids()).toEqual(["node:root:1"]);
  expect(mounting.has("node:root:1")).toBe(false);
  setCanvasState({ focused: "node:root:3" });
  expect(ids()).toEqual(["node:root:3"]);
});

test("nothing is mounted while the view moves", () => {
  const { ids } = mounted();
  reportView({ x: -5000, y: 0, zoom: 1 });
  vi.advanceTimersByTime(30);
  expect(ids()).toEqual(ALL);
  vi.runAllTimers();
  expect(ids()).toEqual(["node:root:1"]);
});

test("a node that comes into view by an edit is mounted, one that goes is not", () => {
  const { store, ids } = mounted();
  store.transact("away", (tx) => moveItems(tx, new Map([["node:root:3", [9000, 0]]])));
  vi.runAllTimers();
  expect(ids()).toEqual(["node:root:1", "node:root:2", "node:root:4"]);
  store.undo();
  vi.runAllTimers();
  expect(ids()).toEqual(ALL);
});

test("nothing changes any more once it was stopped", () => {
  const { mounting, ids } = mounted();
  mounting.stop();
  reportView({ x: -5000, y: 0, zoom: 1 });
  vi.runAllTimers();
  expect(ids()).toEqual(ALL);
});

test("the view of everything shows groups and collapsed nodes too, at 100 % at most", () => {
  const { store, scene } = smallScene();
  store.transact("collapse", (tx) => amendNode(tx, "root", 4, { flags: { collapsed: true } }));
  const view = viewOf(scene);
  expect(view?.zoom).toBeLessThanOrEqual(1);
  const left = -50 * (view?.zoom ?? 0) + (view?.x ?? 0);
  expect(left).toBeGreaterThan(0);
});
