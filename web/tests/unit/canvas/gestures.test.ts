import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bindScene, bindStage, fitView, panBy, reportFitted, reportSize, reportView } from "@/canvas/camera";
import { setCanvasState } from "@/canvas/canvas-state";
import type { Press } from "@/canvas/gestures/gesture";
import { pressOn } from "@/canvas/gestures/press-on";
import { select, selected } from "@/canvas/gestures/select-box";
import { type Hit, hitAt, reachAt } from "@/canvas/hit";
import type { Scene } from "@/canvas/scene";
import { addGroup } from "@/document/groups";
import { addNode } from "@/document/nodes";
import { idOf, type NodeRecord, type Point } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { useSession } from "@/editor/session";
import type { View } from "@/geometry/view";
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
  reportFitted(false);
  reportSize(1000, 800);
  reportView({ x: 0, y: 0, zoom: 1 });
  setCanvasState({ drag: null, wiring: null, hoveredWire: null });
});

type Held = Partial<Pick<Press, "shift" | "alt" | "mod">>;

const at = (point: Point, held: Held = {}): Press => ({
  at: point,
  screen: point,
  shift: false,
  alt: false,
  mod: false,
  touch: false,
  ...held,
});

const hit = (point: Point): Hit => hitAt(scene, point, reachAt(1, false));

/** Press at a point, move to another one and let go there, with some keys held down. */
function drag(from: Point, to: Point, held: Held = {}): void {
  const gesture = pressOn(scene, hit(from), at(from, held));
  gesture?.move(at(to, held));
  gesture?.end(at(to, held));
}

const click = (point: Point, held: Held): void =>
  pressOn(scene, hit(point), at(point, held))?.click?.(at(point, held));

const socket = (id: number, side: "inputs" | "outputs", place = 0): Point => {
  const found = scene.node(id)?.box[side][place];
  if (!found) throw new Error(`node ${id} has no such socket`);
  return [found.x, found.y];
};

/** Where a node is taken hold of. */
const title = (id: number): Point => {
  const box = scene.node(id)?.box;
  if (!box) throw new Error(`there is no node ${id}`);
  return [box.x + box.width / 2, box.y + 15];
};

const ends = (): (readonly [unknown, unknown])[] =>
  [...scene.wires.values()].map(({ record }) => [record.origin, record.target] as const);

function add(kind: string, position: Point): NodeRecord {
  const definition = CATALOGUE.get(kind);
  if (!definition) throw new Error(kind);
  return store.transact("add", (tx) => addNode(tx, "root", definition, position));
}

const place = (id: number | string): unknown => store.node("root", id)?.raw.pos;

describe("wires", () => {
  test("all wires of an output go to another one with Shift", () => {
    const other = add("Show", [600, 300]);
    drag(socket(2, "outputs"), socket(Number(other.raw.id), "inputs"));
    const source = add("Source", [300, 500]);
    const steps = store.done.length;
    drag(socket(2, "outputs"), socket(Number(source.raw.id), "outputs"), { shift: true });
    expect(ends()).toEqual(
      expect.arrayContaining([
        [1, 2],
        [source.raw.id, 3],
        [source.raw.id, other.raw.id],
      ]),
    );
    expect(ends()).toHaveLength(3);
    expect(store.done).toHaveLength(steps + 1);
  });

  test("the wires of an output that are let go on nothing are gone", () => {
    drag(socket(2, "outputs"), [900, 700], { shift: true });
    expect(ends()).toEqual([[1, 2]]);
  });

  test("a wire that is put back where it was changes nothing", () => {
    drag(socket(2, "outputs"), socket(2, "outputs"), { shift: true });
    drag(socket(3, "inputs"), socket(3, "inputs"));
    expect(store.done).toHaveLength(0);
    expect(ends()).toHaveLength(2);
  });

  test("from an input that has a wire, another one of the same origin is drawn with Shift", () => {
    const other = add("Show", [600, 300]);
    drag(socket(3, "inputs"), socket(Number(other.raw.id), "inputs"), { shift: true });
    expect(ends()).toEqual(
      expect.arrayContaining([
        [2, 3],
        [2, other.raw.id],
      ]),
    );
  });

  test("a click with Ctrl and Alt takes every wire off a socket", () => {
    click(socket(2, "outputs"), { mod: true, alt: true });
    click(socket(2, "inputs"), { mod: true, alt: true });
    expect(ends()).toEqual([]);
    expect(store.done).toHaveLength(2);
  });

  test("a wire is led through a new point that is dragged with Alt, as one step", () => {
    const wire = scene.wires.get("link:root:1");
    const [from, to] = [wire?.points[0] ?? [0, 0], wire?.points[1] ?? [0, 0]];
    const middle: Point = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    drag(middle, [middle[0] + 5, middle[1] + 90], { alt: true });
    expect([...scene.reroutes.values()].map((one) => one.at)).toEqual([
      [Math.round(middle[0]) + 5, Math.round(middle[1]) + 90],
    ]);
    expect(store.done).toHaveLength(1);
    store.undo();
    expect(scene.reroutes.size).toBe(0);
  });
});

describe("copies", () => {
  test("are dragged with Alt as one step; what they were made of stays, wires from elsewhere do not come along", () => {
    const before = new Map(store.records);
    drag(title(2), [title(2)[0] + 40, title(2)[1] + 200], { alt: true });
    expect(place(2)).toEqual([300, 0]);
    const copy = [...selected()][0];
    expect(scene.nodes.get(copy ?? "")?.record.raw.pos).toEqual([340, 200]);
    expect(scene.wires.size).toBe(2);
    expect(store.done).toHaveLength(1);
    store.undo();
    expect(new Map(store.records)).toEqual(before);
  });

  test("keep the wires into them with Shift too", () => {
    drag(title(2), [title(2)[0], title(2)[1] + 200], { alt: true, shift: true });
    expect(scene.wires.size).toBe(3);
  });

  test("lie beside what they were made of after a click, so that they are seen", () => {
    click(title(1), { alt: true });
    const copy = [...selected()][0];
    expect(scene.nodes.get(copy ?? "")?.record.raw.pos).toEqual([24, 24]);
    expect(store.done).toHaveLength(1);
  });

  test("are not there when the drag was called off", () => {
    const gesture = pressOn(scene, hit(title(1)), at(title(1), { alt: true }));
    gesture?.move(at([400, 400], { alt: true }));
    expect(scene.nodes.size).toBe(5);
    gesture?.cancel();
    expect(scene.nodes.size).toBe(4);
    expect(store.done).toHaveLength(0);
  });
});

describe("the selection's rectangle", () => {
  test("begins with Ctrl on a node as well, and leaves it where it is", () => {
    drag(title(1), [350, 60], { mod: true });
    expect([...selected()].sort()).toEqual(["node:root:1", "node:root:2"]);
    expect(place(1)).toEqual([0, 0]);
  });

  test("replaces the selection; Shift adds to it, Alt takes away from it", () => {
    select(["node:root:4"]);
    drag([-20, 100], [210, -40], { mod: true });
    expect([...selected()]).toEqual(["node:root:1"]);
    drag([280, 120], [510, 50], { mod: true, shift: true });
    expect([...selected()].sort()).toEqual(["node:root:1", "node:root:2"]);
    drag([-20, 100], [210, 50], { mod: true, alt: true });
    expect([...selected()]).toEqual(["node:root:2"]);
  });
});

describe("a node that is dropped on a wire", () => {
  /** Drag a new node onto the wire from Blur to Show; `held` once it moves. */
  const drop = (kind: string, held: Held = {}) => {
    const { raw } = add(kind, [500, 400]);
    const wire = scene.wires.get("link:root:2");
    const [from, to] = [wire?.points[0] ?? [0, 0], wire?.points[1] ?? [0, 0]];
    const grip = title(Number(raw.id));
    const box = scene.node(raw.id)?.box;
    const shift = (from[1] + to[1]) / 2 - (box ? box.y + box.height / 2 : 0);
    const gesture = pressOn(scene, hit(grip), at(grip));
    gesture?.move(at([grip[0], grip[1] + shift], held));
    gesture?.end(at([grip[0], grip[1] + shift], held));
    return raw.id;
  };

  test("goes into it, in the step that moves it", () => {
    const steps = store.done.length + 1;
    const id = drop("Blur");
    expect(ends()).toEqual(
      expect.arrayContaining([
        [1, 2],
        [2, id],
        [id, 3],
      ]),
    );
    expect(ends()).toHaveLength(3);
    expect(store.done).toHaveLength(steps + 1);
  });

  test("stays outside where it does not fit, and while Alt is held down", () => {
    drop("Number");
    expect(ends()).toHaveLength(2);
    drop("Blur", { alt: true });
    expect(ends()).toHaveLength(2);
  });

  test("does not when it has wires of its own", () => {
    drag(title(2), [title(2)[0] + 260, title(2)[1] + 5]);
    expect(ends()).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });
});

test("of groups in each other the smaller one is taken hold of, whatever their order", () => {
  const small = store.transact("add", (tx) => addGroup(tx, "root", "small", [-40, -90, 200, 120]));
  const large = store.transact("add", (tx) => addGroup(tx, "root", "large", [-60, -120, 950, 400]));
  drag([0, -80], [0, 400]);
  expect(store.get(idOf(small))).toMatchObject({ raw: { bounding: [-40, 390, 200, 120] } });
  expect(store.get(idOf(large))).toMatchObject({ raw: { bounding: [-60, -120, 950, 400] } });
});

describe("the view", () => {
  const moves: View[] = [];
  beforeEach(() => {
    vi.stubGlobal("matchMedia", () => ({ matches: false }));
    moves.length = 0;
    bindStage({ element: document.body, move: (view) => void moves.push(view) });
  });

  afterEach(() => vi.unstubAllGlobals());

  test("goes on to show everything when a panel takes room from it", () => {
    fitView();
    reportSize(600, 800);
    expect(moves).toHaveLength(2);
    expect(moves[1]?.zoom).toBeLessThan(moves[0]?.zoom ?? 0);
    reportSize(600, 800);
    reportSize(600, 400);
    expect(moves).toHaveLength(2);
  });

  test("stays where it is when somebody has moved it", () => {
    fitView();
    panBy(10, 0);
    reportSize(600, 800);
    fitView(["node:root:1"]);
    reportSize(700, 800);
    fitView();
    reportFitted(false);
    reportSize(800, 800);
    expect(moves).toHaveLength(4);
  });
});
