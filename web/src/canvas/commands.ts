/** What can be done on the canvas: reached from the palette, the keyboard and the help sheet. */

import { MODE, type RecordId } from "@/document/records";
import { subgraphOf } from "@/document/subgraphs";
import type { Command, CommandGroup } from "@/editor/command";
import { activeDocument } from "@/editor/session";
import { changeSetting, type Settings, setting } from "@/editor/settings";
import { overlap } from "@/geometry/rect";
import type { TextKey } from "@/i18n/language";
import { type Alignment, align, arrange, distribute } from "./arranging";
import { fitView, focusNode, focusStage, shownScene, zoomBy, zoomTo } from "./camera";
import { canvasState, setCanvasState } from "./canvas-state";
import {
  enter,
  groupItems,
  leaveSheet,
  nodesOf,
  nodesWithin,
  toggleFlag,
  toggleMode,
  unwrap,
  wrapItems,
} from "./editing";
import { selected } from "./gestures/select-box";
import type { NodeItem, Scene } from "./scene";

const someNodes = (): boolean => {
  const scene = shownScene();
  return scene !== null && nodesOf(scene, selected()).length > 0;
};

const oneNode = (): NodeItem | undefined => {
  const scene = shownScene();
  const nodes = scene ? nodesOf(scene, selected()) : [];
  return nodes.length === 1 ? nodes[0] : undefined;
};

const oneSubgraph = (): NodeItem | undefined => {
  const item = oneNode();
  const scene = shownScene();
  return item && scene && subgraphOf(scene.store.records, item.record.raw) ? item : undefined;
};

/** The group that alone is selected. */
const oneGroup = (): RecordId | undefined => {
  const ids = [...selected()];
  return ids.length === 1 ? ids.find((id) => shownScene()?.groups.has(id)) : undefined;
};

/** Go to the innermost group around what is selected, to be renamed, moved or taken away. */
function selectGroup(scene: Scene, ids: readonly RecordId[]): void {
  const around = scene.bounds(ids);
  const groups = [...scene.groups.values()].filter(({ rect }) => around && overlap(around, rect));
  const inner = groups.sort((a, b) => a.rect.width * a.rect.height - b.rect.width * b.rect.height)[0];
  if (inner) focusNode(inner.id);
}

/** Groups count for what is in them. */
const someNodesWithin = (): boolean => {
  const scene = shownScene();
  return scene !== null && nodesWithin(scene, selected()).length > 0;
};

/** A command that does something with what is selected on the sheet. */
function onSelection(
  id: string,
  label: TextKey,
  run: (scene: Scene, ids: readonly RecordId[]) => void | Promise<void>,
  keys: readonly string[] = [],
  enabled: () => boolean = someNodesWithin,
): Command {
  return {
    id,
    group: "node",
    label,
    keys,
    enabled,
    run: () => {
      const scene = shownScene();
      return scene ? run(scene, [...selected()]) : undefined;
    },
  };
}

function view(
  id: string,
  label: TextKey,
  run: () => void,
  keys: readonly string[] = [],
  group: CommandGroup = "view",
): Command {
  return { id, group, label, keys, enabled: () => shownScene() !== null, run };
}

type Switch = { [Key in keyof Settings]: Settings[Key] extends boolean ? Key : never }[keyof Settings];

const toggle = (key: Switch) => () => changeSetting(key, !setting(key));

const STYLES: readonly Settings["linkStyle"][] = ["curved", "straight", "stepped", "hidden"];

function nextStyle(): void {
  const next = (STYLES.indexOf(setting("linkStyle")) + 1) % STYLES.length;
  changeSetting("linkStyle", STYLES[next] ?? "curved");
}

/** Put the keyboard on the canvas: on the selected node, the one it was on last, or the first. */
function focusCanvas(): void {
  const scene = shownScene();
  const places = [...selected(), canvasState().focused, scene?.order[0]];
  const id = places.find((one) => typeof one === "string" && scene?.rectOf(one) !== undefined);
  if (id) focusNode(id);
  else focusStage();
}

const ALIGNMENTS: readonly (readonly [Alignment, TextKey])[] = [
  ["left", "canvas.alignLeft"],
  ["centre", "canvas.alignCentre"],
  ["right", "canvas.alignRight"],
  ["top", "canvas.alignTop"],
  ["middle", "canvas.alignMiddle"],
  ["bottom", "canvas.alignBottom"],
];

const several = () => selected().size > 1;

/** What is done on the canvas: looking, choosing, arranging. */
export const commands: readonly Command[] = [
  view("canvas.fit", "canvas.fit", () => fitView(), ["."]),
  view(
    "canvas.fit-selection",
    "canvas.fitSelection",
    () => fitView(selected().size > 0 ? selected() : undefined),
    ["f"],
  ),
  view("canvas.zoom-in", "canvas.zoomIn", () => zoomBy(1.25), ["+", "=", "alt+="]),
  view("canvas.zoom-out", "canvas.zoomOut", () => zoomBy(0.8), ["-", "alt+-"]),
  view("canvas.zoom-100", "canvas.zoom100", () => zoomTo(1), ["1"]),
  view("canvas.minimap", "canvas.minimap", toggle("minimap"), ["alt+m"]),
  view("canvas.snap", "canvas.snap", toggle("snapToGrid")),
  view("canvas.profiler", "canvas.profiler", toggle("profiler")),
  view("canvas.wires", "canvas.nextWires", nextStyle),
  view("canvas.focus", "canvas.focus", focusCanvas, ["f6"]),
  {
    id: "canvas.arrange",
    group: "edit",
    label: "canvas.arrange",
    keys: ["shift+l"],
    enabled: () => (shownScene()?.nodes.size ?? 0) > 1,
    run: () => {
      const scene = shownScene();
      return scene ? arrange(scene) : undefined;
    },
  },
  onSelection("canvas.mute", "canvas.mute", (scene, ids) => toggleMode(scene, ids, MODE.muted), ["mod+m"]),
  onSelection("canvas.bypass", "canvas.bypass", (scene, ids) => toggleMode(scene, ids, MODE.bypassed), [
    "mod+b",
  ]),
  onSelection("canvas.collapse", "canvas.collapse", (scene, ids) => toggleFlag(scene, ids, "collapsed"), [
    "alt+c",
  ]),
  onSelection("canvas.pin", "canvas.pin", (scene, ids) => toggleFlag(scene, ids, "pinned"), ["p"]),
  onSelection(
    "canvas.rename",
    "canvas.rename",
    () => setCanvasState({ renaming: oneNode()?.id ?? oneGroup() ?? null }),
    ["f2"],
    () => (oneNode()?.id ?? oneGroup()) !== undefined,
  ),
  onSelection(
    "canvas.connect",
    "canvas.connect",
    () => setCanvasState({ joining: oneNode()?.id ?? null }),
    ["c"],
    () => oneNode() !== undefined,
  ),
  onSelection("canvas.group", "canvas.group", groupItems, ["mod+g"], someNodes),
  onSelection("canvas.select-group", "canvas.selectGroup", selectGroup, ["shift+g"]),
  onSelection(
    "canvas.make-subgraph",
    "canvas.makeSubgraph",
    wrapItems,
    ["mod+shift+g", "mod+shift+e"],
    someNodes,
  ),
  onSelection(
    "canvas.open-subgraph",
    "canvas.openSubgraph",
    (scene) => {
      const item = oneSubgraph();
      if (item) enter(scene, item);
    },
    [],
    () => oneSubgraph() !== undefined,
  ),
  onSelection(
    "canvas.unpack",
    "canvas.unpack",
    (scene) => {
      const item = oneSubgraph();
      if (item) unwrap(scene, item);
    },
    [],
    () => oneSubgraph() !== undefined,
  ),
  {
    id: "canvas.leave",
    group: "node",
    label: "canvas.leaveSubgraph",
    keys: ["shift+escape"],
    enabled: () => (activeDocument()?.scopes.length ?? 0) > 1,
    run: leaveSheet,
  },
  ...ALIGNMENTS.map(([how, label]) =>
    onSelection(`canvas.align-${how}`, label, (scene, ids) => align(scene, ids, how), [], several),
  ),
  onSelection(
    "canvas.distribute-x",
    "canvas.distributeAcross",
    (scene, ids) => distribute(scene, ids, "x"),
    [],
    several,
  ),
  onSelection(
    "canvas.distribute-y",
    "canvas.distributeDown",
    (scene, ids) => distribute(scene, ids, "y"),
    [],
    several,
  ),
];
