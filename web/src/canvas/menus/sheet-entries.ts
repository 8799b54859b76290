/** What the menus of the empty canvas, groups, reroutes and subgraph ends offer. */

import {
  BoxSelect,
  CircleSlash2,
  ClipboardPaste,
  Copy,
  Focus,
  FolderOutput,
  Grid3x3,
  Group,
  Magnet,
  Map as MapIcon,
  Palette,
  PencilLine,
  Plus,
  Redo2,
  Scan,
  Spline,
  Trash2,
  Workflow,
} from "lucide-react";
import { addGroup, amendGroup, itemsInGroup } from "@/document/groups";
import type { Point, RecordId } from "@/document/records";
import { MODE, ROOT, SUBGRAPH_INPUT } from "@/document/records";
import { removeSubgraphInput, removeSubgraphOutput, renameSubgraphPort } from "@/document/subgraph-ports";
import { GROUP_COLORS } from "@/editor/node-tints";
import { changeSetting, type Settings, setting } from "@/editor/settings";
import { text } from "@/i18n/language";
import type { MenuEntry } from "@/ui/menu";
import { promptText } from "@/ui/prompt";
import { arrange } from "../arranging";
import { fitView } from "../camera";
import { setCanvasState } from "../canvas-state";
import { pasteCopied } from "../clipboard-keys";
import { dropReroute, duplicate, fitFrame, leaveSheet, nodesWithin, remove, toggleMode } from "../editing";
import { select } from "../gestures/select-box";
import type { Hit } from "../hit";
import { openNodeSearch } from "../node-search";
import type { GroupItem, Scene } from "../scene";

const STYLES: readonly (readonly [
  Settings["linkStyle"],
  "canvas.curved" | "canvas.straight" | "canvas.stepped" | "canvas.hidden",
])[] = [
  ["curved", "canvas.curved"],
  ["straight", "canvas.straight"],
  ["stepped", "canvas.stepped"],
  ["hidden", "canvas.hidden"],
];

/** Return the entries that choose how wires are drawn. */
export const styleEntries = (): MenuEntry[] =>
  STYLES.map(([style, label]) => ({
    label: text(label),
    checked: setting("linkStyle") === style,
    onSelect: () => changeSetting("linkStyle", style),
  }));

const pasteEntries = (at: Point): MenuEntry[] => [
  {
    label: text("document.paste"),
    icon: ClipboardPaste,
    keys: "mod+v",
    onSelect: () => void pasteCopied(false, at),
  },
  {
    label: text("document.pasteWithWires"),
    icon: ClipboardPaste,
    keys: "mod+shift+v",
    onSelect: () => void pasteCopied(true, at),
  },
];

/** Return the entries of the empty canvas. */
export function sheetEntries(scene: Scene, at: Point): MenuEntry[] {
  return [
    {
      label: text("canvas.addNode"),
      icon: Plus,
      keys: "n",
      onSelect: () => openNodeSearch({ position: at }),
    },
    {
      label: text("canvas.addGroup"),
      icon: Group,
      onSelect: () =>
        scene.store.transact("canvas.group", (tx) => {
          addGroup(tx, scene.scope, text("canvas.newGroup"), [
            Math.round(at[0]),
            Math.round(at[1]),
            420,
            300,
          ]);
        }),
    },
    ...pasteEntries(at),
    {
      label: text("canvas.selectAll"),
      icon: BoxSelect,
      keys: "mod+a",
      onSelect: () => select(scene.nodes.keys()),
    },
    "separator",
    { label: text("canvas.arrange"), icon: Workflow, onSelect: () => void arrange(scene) },
    { label: text("canvas.fit"), icon: Focus, keys: ".", onSelect: () => fitView() },
    { label: text("canvas.wires"), icon: Spline, entries: styleEntries() },
    {
      label: text("canvas.snap"),
      icon: setting("snapToGrid") ? Magnet : Grid3x3,
      checked: setting("snapToGrid"),
      onSelect: () => changeSetting("snapToGrid", !setting("snapToGrid")),
    },
    {
      label: text("canvas.minimap"),
      icon: MapIcon,
      checked: setting("minimap"),
      onSelect: () => changeSetting("minimap", !setting("minimap")),
    },
    ...(scene.scope === ROOT
      ? []
      : ([
          "separator",
          { label: text("canvas.leaveSubgraph"), icon: FolderOutput, onSelect: leaveSheet },
        ] as const)),
  ];
}

/** What mutes and bypasses the nodes in a group. */
function insideModes(scene: Scene, id: RecordId): MenuEntry[] {
  const nodes = nodesWithin(scene, [id]);
  const disabled = nodes.length === 0;
  const all = (mode: number) => !disabled && nodes.every(({ record }) => record.raw.mode === mode);
  return [
    {
      label: text(all(MODE.muted) ? "canvas.unmuteInside" : "canvas.muteInside"),
      icon: CircleSlash2,
      keys: "mod+m",
      disabled,
      onSelect: () => toggleMode(scene, [id], MODE.muted),
    },
    {
      label: text(all(MODE.bypassed) ? "canvas.unbypassInside" : "canvas.bypassInside"),
      icon: Redo2,
      keys: "mod+b",
      disabled,
      onSelect: () => toggleMode(scene, [id], MODE.bypassed),
    },
  ];
}

/** Return the entries of a group. */
export function groupEntries(scene: Scene, item: GroupItem): MenuEntry[] {
  const { key } = item.record;
  const inside = itemsInGroup(scene.store.records, item.record);
  const paint = (color: string) =>
    scene.store.transact("canvas.color", (tx) => amendGroup(tx, scene.scope, key, { color }));
  return [
    { label: text("canvas.rename"), icon: PencilLine, onSelect: () => setCanvasState({ renaming: item.id }) },
    {
      label: text("canvas.color"),
      icon: Palette,
      entries: GROUP_COLORS.map(({ label, color }) => ({
        label: text(label),
        color,
        onSelect: () => paint(color),
      })),
    },
    ...insideModes(scene, item.id),
    "separator",
    {
      label: text("canvas.fitFrame"),
      icon: Scan,
      disabled: inside.length === 0,
      onSelect: () => fitFrame(scene, item.id),
    },
    {
      label: text("canvas.duplicate"),
      icon: Copy,
      onSelect: () => void duplicate(scene, [item.id, ...inside]),
    },
    { label: text("canvas.selectInside"), icon: BoxSelect, onSelect: () => select(inside) },
    { label: text("canvas.fitGroup"), icon: Focus, onSelect: () => fitView([item.id]) },
    "separator",
    {
      label: text("canvas.removeGroup"),
      icon: Trash2,
      danger: true,
      onSelect: () => remove(scene, [item.id]),
    },
    {
      label: text("canvas.removeGroupAll"),
      icon: Trash2,
      danger: true,
      onSelect: () => remove(scene, [item.id, ...inside]),
    },
  ];
}

/** Return the entries of a point that wires are led through. */
export function rerouteEntries(scene: Scene, id: RecordId): MenuEntry[] {
  return [
    {
      label: text("canvas.removeReroute"),
      icon: Trash2,
      danger: true,
      onSelect: () => dropReroute(scene, id),
    },
  ];
}

async function renamePort(
  scene: Scene,
  side: "inputs" | "outputs",
  slot: number,
  name: string,
): Promise<void> {
  const label = await promptText({
    title: text("canvas.renamePort"),
    label: text("canvas.title"),
    value: name,
    action: text("canvas.rename"),
  });
  if (label)
    scene.store.transact("canvas.rename", (tx) => renameSubgraphPort(tx, scene.scope, side, slot, label));
}

/** Return the entries of a subgraph's own input or output; none for the empty one. */
export function portEntries(scene: Scene, hit: Extract<Hit, { kind: "socket" }>): MenuEntry[] {
  const { socket } = hit;
  if (socket.name === "") return [];
  const inputs = socket.node === SUBGRAPH_INPUT;
  const take = inputs ? removeSubgraphInput : removeSubgraphOutput;
  return [
    {
      label: text("canvas.rename"),
      icon: PencilLine,
      onSelect: () => void renamePort(scene, inputs ? "inputs" : "outputs", socket.slot, socket.name),
    },
    {
      label: text("canvas.remove"),
      icon: Trash2,
      danger: true,
      onSelect: () => scene.store.transact("canvas.remove", (tx) => take(tx, scene.scope, socket.slot)),
    },
  ];
}
