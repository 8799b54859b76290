import { beforeEach, expect, test } from "vitest";
import { bindScene, bindStage, reportSize, reportView } from "@/canvas/camera";
import { setCanvasState } from "@/canvas/canvas-state";
import type { Press } from "@/canvas/gestures/gesture";
import { pressOn } from "@/canvas/gestures/press-on";
import { hitAt, reachAt } from "@/canvas/hit";
import { looseWires } from "@/canvas/loose-ends";
import { Scene } from "@/canvas/scene";
import { readWorkflow } from "@/document/read";
import { type JsonObject, type Point, ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { useSession } from "@/editor/session";
import { CATALOGUE } from "../document/object-info";

const NODES = [
  { id: 1, type: "EmptyLatentImage", pos: [0, 0], outputs: [{ name: "LATENT", type: "LATENT", links: [] }] },
  {
    id: 2,
    type: "VAEDecode",
    pos: [900, 0],
    inputs: [
      { name: "samples", type: "LATENT", link: null },
      { name: "vae", type: "VAE", link: null },
    ],
  },
];
const out = {
  id: 1,
  origin_id: 1,
  origin_slot: 0,
  target_id: -1,
  target_slot: -1,
  type: "LATENT",
  parentId: 1,
};
const into = {
  id: 1,
  origin_id: -1,
  origin_slot: -1,
  target_id: 2,
  target_slot: 0,
  type: "LATENT",
  parentId: 1,
};

let scene: Scene;

function open(floating: JsonObject, slotType: string): DocumentStore {
  const reroutes = [{ id: 1, pos: [600, 300], linkIds: [], floating: { slotType } }];
  const json = { nodes: NODES, links: [], floatingLinks: [floating], extra: { reroutes }, version: 0.4 };
  const store = new DocumentStore(readWorkflow(json as unknown as JsonObject));
  const kept = { id: "a", title: "A", path: null, savedSteps: 0, scopes: [ROOT], viewports: {} };
  useSession.getState().open({ ...kept, store, selection: new Set() });
  scene = new Scene(store, ROOT, CATALOGUE);
  store.subscribe((diff) => scene.apply(diff));
  bindScene(scene);
  return store;
}

beforeEach(() => {
  useSession.setState({ documents: [], activeId: null });
  bindStage(null);
  reportSize(1600, 1000);
  reportView({ x: 0, y: 0, zoom: 1 });
  setCanvasState({ drag: null, wiring: null, hoveredWire: null });
});

function drag(from: Point, to: Point): void {
  const press = (at: Point): Press => ({
    at,
    screen: at,
    shift: false,
    alt: false,
    mod: false,
    touch: false,
  });
  const gesture = pressOn(scene, hitAt(scene, from, reachAt(1, false)), press(from));
  gesture?.move(press(to));
  gesture?.end(press(to));
}

const place = (id: number, side: "inputs" | "outputs"): Point => {
  const found = scene.node(id)?.box[side][0];
  if (!found) throw new Error(`node ${id} has no such socket`);
  return [found.x, found.y];
};

const loose = () => looseWires(scene).map(({ at, points }) => ({ at, points }));
const joined = () =>
  [...scene.wires.values()].map(({ record, points }) => [record.origin, record.target, points.length]);

test("a wire that ends in the air is drawn to beyond its reroute, and dragging that end joins it", () => {
  const store = open(out, "output");
  expect(loose()).toEqual([{ at: [622, 300], points: [place(1, "outputs"), [600, 300], [622, 300]] }]);
  drag([622, 300], place(2, "inputs"));
  expect(joined()).toEqual([[1, 2, 3]]);
  expect(loose()).toEqual([]);
  store.undo();
  expect(joined()).toEqual([]);
  expect(loose()).toHaveLength(1);
});

test("a wire that is drawn to a loose end is led through its reroute", () => {
  open(into, "input");
  expect(loose()).toEqual([{ at: [578, 300], points: [[578, 300], [600, 300], place(2, "inputs")] }]);
  drag(place(1, "outputs"), [578, 300]);
  expect(joined()).toEqual([[1, 2, 3]]);
  expect(loose()).toEqual([]);
});

test("the loose end goes along when its reroute is moved", () => {
  open(out, "output");
  drag([600, 300], [640, 360]);
  expect(loose()[0]?.at).toEqual([662, 360]);
});
