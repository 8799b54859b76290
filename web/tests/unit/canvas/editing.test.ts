import { beforeEach, describe, expect, test } from "vitest";
import { align, distribute } from "@/canvas/arranging";
import { bindScene, bindStage, reportSize, reportView, shownScene } from "@/canvas/camera";
import { setCanvasState } from "@/canvas/canvas-state";
import {
  colorNodes,
  cutWire,
  dropReroute,
  duplicate,
  enter,
  fitFrame,
  groupItems,
  leaveSheet,
  nodesOf,
  remove,
  rename,
  rerouteWire,
  toggleFlag,
  toggleMode,
  unwrap,
  wrapItems,
} from "@/canvas/editing";
import { moveBy, movedWith } from "@/canvas/gestures/drag-items";
import { select, selected } from "@/canvas/gestures/select-box";
import { addSearched, openInsertion, openNodeSearch, useNodeSearch } from "@/canvas/node-search";
import { Scene } from "@/canvas/scene";
import { MODE } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { useSession } from "@/editor/session";
import { CATALOGUE, smallScene } from "./small-workflow";

let store: DocumentStore;
let scene: Scene;

beforeEach(() => {
  ({ store, scene } = smallScene());
  useSession.setState({ documents: [], activeId: null });
  useSession.getState().open({
    id: "a",
    title: "A",
    path: null,
    store,
    savedSteps: 0,
    scopes: ["root"],
    selection: new Set(),
    viewports: {},
  });
  bindScene(scene);
  bindStage(null);
  reportSize(1000, 800);
  reportView({ x: 0, y: 0, zoom: 1 });
  setCanvasState({ drag: null });
});

const raw = (id: number) => store.node("root", id)?.raw;
const kind = (name: string) => {
  const found = CATALOGUE.get(name);
  if (!found) throw new Error(name);
  return found;
};

describe("each change is one step of undo", () => {
  const changes: readonly [string, () => void][] = [
    ["mute", () => toggleMode(scene, ["node:root:1", "node:root:2"], MODE.muted)],
    ["collapse", () => toggleFlag(scene, ["node:root:1"], "collapsed")],
    ["colour", () => colorNodes(scene, ["node:root:1"], "#322", "#533")],
    ["duplicate", () => void duplicate(scene, ["node:root:1", "node:root:2"])],
    ["remove", () => remove(scene, ["node:root:2", "group:root:1"])],
    ["group", () => groupItems(scene, ["node:root:1"])],
    ["subgraph", () => wrapItems(scene, ["node:root:2"])],
    ["cut", () => cutWire(scene, "link:root:1")],
    ["reroute", () => rerouteWire(scene, "link:root:1", [250, 40], 0)],
    ["move", () => moveBy(scene, ["node:root:1", "group:root:1"], [10, 20])],
    ["align", () => align(scene, ["node:root:1", "node:root:4"], "right")],
  ];
  for (const [name, change] of changes) {
    test(name, () => {
      const before = new Map(store.records);
      change();
      expect(store.done).toHaveLength(1);
      store.undo();
      expect(new Map(store.records)).toEqual(before);
    });
  }
});

test("what is muted already runs again", () => {
  toggleMode(scene, ["node:root:1"], MODE.muted);
  toggleMode(scene, ["node:root:1"], MODE.muted);
  expect(raw(1)?.mode).toBe(MODE.always);
});

test("muting a group mutes what is in it, and once more lets that run", () => {
  const modes = () => [1, 2, 3, 4].map((id) => raw(id)?.mode ?? MODE.always);
  toggleMode(scene, ["group:root:1"], MODE.muted);
  expect(modes()).toEqual([MODE.muted, MODE.muted, MODE.muted, MODE.always]);
  toggleMode(scene, ["group:root:1"], MODE.muted);
  expect(modes()).toEqual([MODE.always, MODE.always, MODE.always, MODE.always]);
});

test("the frame of a group becomes as large as what is in it needs", () => {
  fitFrame(scene, "group:root:1");
  const rect = scene.groups.get("group:root:1")?.rect;
  expect(rect).toMatchObject({ x: -10, width: 820 });
  expect(rect?.y).toBe(-30 - 34 - 10);
  expect([...movedWith(scene, ["group:root:1"])]).toHaveLength(4);
  moveBy(scene, ["node:root:1", "node:root:2", "node:root:3"], [0, 900]);
  const before = store.done.length;
  fitFrame(scene, "group:root:1");
  expect(store.done).toHaveLength(before);
});

test("an empty title gives a node back that of its kind, the same one changes nothing", () => {
  const item = () => nodesOf(scene, ["node:root:1"])[0];
  const first = item();
  if (first) rename(scene, first, " Mine ");
  expect(raw(1)?.title).toBe("Mine");
  const second = item();
  if (second) rename(scene, second, "Mine");
  expect(store.done).toHaveLength(1);
  if (second) rename(scene, second, "");
  expect(raw(1)).not.toHaveProperty("title");
});

test("copies are selected and keep the wires among them", () => {
  const copies = duplicate(scene, ["node:root:1", "node:root:2"]);
  expect([...selected()]).toEqual(copies);
  expect(scene.nodes.size).toBe(6);
  expect(scene.wires.size).toBe(3);
});

test("a group moves what is in it, but nothing that is pinned", () => {
  toggleFlag(scene, ["node:root:2"], "pinned");
  expect([...movedWith(scene, ["group:root:1"])].sort()).toEqual([
    "group:root:1",
    "node:root:1",
    "node:root:3",
  ]);
});

test("steps of the arrow keys that follow each other are one step of undo", () => {
  moveBy(scene, ["node:root:1"], [10, 0], "nudge");
  moveBy(scene, ["node:root:1"], [10, 0], "nudge");
  expect(store.done).toHaveLength(1);
  expect(raw(1)?.pos).toEqual([20, 0]);
});

test("space is shared out evenly between the outermost two", () => {
  moveBy(scene, ["node:root:2"], [-60, 0]);
  distribute(scene, ["node:root:1", "node:root:2", "node:root:3"], "x");
  expect(raw(2)?.pos).toEqual([300, 0]);
});

test("a point is taken out of a wire, and the wire stays", () => {
  rerouteWire(scene, "link:root:1", [250, 40], 0);
  const point = [...scene.reroutes.keys()][0];
  if (point) dropReroute(scene, point);
  expect(scene.reroutes.size).toBe(0);
  expect(scene.wires.get("link:root:1")?.points).toHaveLength(2);
});

test("a subgraph is entered, left and unpacked to what it was made of", () => {
  wrapItems(scene, ["node:root:2"]);
  const made = nodesOf(scene, selected())[0];
  expect(made && enter(scene, made)).toBe(true);
  const document = () => useSession.getState().documents[0];
  expect(document()?.scopes).toHaveLength(2);
  const inner = new Scene(store, document()?.scopes[1] ?? "", CATALOGUE);
  expect(inner.nodes.size).toBe(1);
  expect(inner.ends.map((end) => end.sockets.length)).toEqual([1, 1]);
  expect([...inner.wires.values()].every((wire) => wire.points.length === 2)).toBe(true);
  leaveSheet();
  expect(document()?.scopes).toEqual(["root"]);
  const again = nodesOf(scene, [`node:root:${made?.record.raw.id}`])[0];
  if (again) unwrap(scene, again);
  expect([...scene.nodes.values()].map(({ record }) => record.raw.type).sort()).toEqual([
    "Blur",
    "Number",
    "Show",
    "Source",
  ]);
  expect(scene.wires.size).toBe(2);
});

describe("the palette for nodes", () => {
  test("adds a node where it was asked for, and joins it", () => {
    const item = nodesOf(scene, ["node:root:4"])[0];
    const place = item?.box.outputs[0];
    openNodeSearch({
      position: [400, 400],
      from: { node: 4, slot: 0, name: "INT", side: "output", type: place?.type ?? "" },
    });
    const added = addSearched(kind("Blur"));
    expect(useNodeSearch.getState().open).toBe(false);
    expect(added && [...selected()]).toEqual([`node:root:${added?.raw.id}`]);
    const wire = [...scene.wires.values()].find(({ record }) => record.origin === 4);
    expect(wire?.record.target).toBe(added?.raw.id);
    store.undo();
    expect(scene.nodes.size).toBe(4);
    expect(scene.wires.size).toBe(2);
  });

  test("puts a node into a wire, as one step", () => {
    openInsertion(scene, "link:root:2", [550, 40]);
    const added = addSearched(kind("Blur"));
    const ends = [...scene.wires.values()].map(({ record }) => [record.origin, record.target]);
    expect(ends).toEqual(
      expect.arrayContaining([
        [1, 2],
        [2, added?.raw.id],
        [added?.raw.id, 3],
      ]),
    );
    expect(ends).toHaveLength(3);
    expect(store.done).toHaveLength(1);
  });

  test("adds nothing while no sheet is shown", () => {
    bindScene(null);
    expect(shownScene()).toBeNull();
    openNodeSearch();
    expect(addSearched(kind("Blur"))).toBeUndefined();
  });
});

test("the same selection again tells nobody", () => {
  select(["node:root:1"]);
  const before = useSession.getState();
  select(["node:root:1"]);
  expect(useSession.getState()).toBe(before);
});
