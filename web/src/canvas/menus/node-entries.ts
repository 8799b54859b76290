/** What the menu of nodes offers. */

import {
  AlignStartVertical,
  BookOpen,
  Box,
  Brush,
  CircleSlash2,
  ClipboardCopy,
  Copy,
  FolderInput,
  FoldVertical,
  Grid3x3,
  Group,
  PackageOpen,
  Palette,
  PanelsTopLeft,
  PencilLine,
  Pin,
  Play,
  Redo2,
  SlidersHorizontal,
  Trash2,
} from "lucide-react";
import { MODE, type RecordId } from "@/document/records";
import { subgraphOf } from "@/document/subgraphs";
import { isPromoted, togglePromoted } from "@/editor/app-choice";
import { pathOf } from "@/editor/node-path";
import { TINTS } from "@/editor/node-tints";
import { openPanel } from "@/editor/panels-state";
import { activeDocument } from "@/editor/session";
import { addAxis } from "@/editor/sweep-axes";
import { text } from "@/i18n/language";
import { runSelected } from "@/run/ways-to-run";
import type { MenuEntry } from "@/ui/menu";
import { openMaskEditor } from "@/widgets/mask/mask-request";
import { maskRequestOf } from "@/widgets/mask/masked-node";
import { entriesOfNode } from "@/widgets/widget-entries";
import { setCanvasState } from "../canvas-state";
import { copySelection } from "../clipboard-keys";
import {
  colorNodes,
  duplicate,
  enter,
  groupItems,
  nodesOf,
  remove,
  toggleFlag,
  toggleMode,
  unwrap,
  wrapItems,
} from "../editing";
import { convertGroup, isGroup } from "../group-node";
import type { NodeItem, Scene } from "../scene";
import { alignEntries } from "./align-entries";
import { pictureEntries } from "./picture-entries";

/** Return the entries that colour nodes. */
export function tintEntries(scene: Scene, ids: readonly RecordId[]): MenuEntry[] {
  const tints = TINTS.map(({ label, header, body }) => ({
    label: text(label),
    color: body,
    onSelect: () => colorNodes(scene, ids, header, body),
  }));
  return [{ label: text("canvas.ownColor"), onSelect: () => colorNodes(scene, ids, null, null) }, ...tints];
}

function modeEntries(scene: Scene, ids: readonly RecordId[], nodes: readonly NodeItem[]): MenuEntry[] {
  const all = (mode: number) => nodes.every(({ record }) => record.raw.mode === mode);
  const flag = (name: string) => nodes.every(({ record }) => record.raw.flags?.[name] === true);
  return [
    {
      label: text(all(MODE.muted) ? "canvas.unmute" : "canvas.mute"),
      icon: CircleSlash2,
      keys: "mod+m",
      onSelect: () => toggleMode(scene, ids, MODE.muted),
    },
    {
      label: text(all(MODE.bypassed) ? "canvas.unbypass" : "canvas.bypass"),
      icon: Redo2,
      keys: "mod+b",
      onSelect: () => toggleMode(scene, ids, MODE.bypassed),
    },
    {
      label: text(flag("collapsed") ? "canvas.expand" : "canvas.collapse"),
      icon: FoldVertical,
      keys: "alt+c",
      onSelect: () => toggleFlag(scene, ids, "collapsed"),
    },
    {
      label: text(flag("pinned") ? "canvas.unpin" : "canvas.pin"),
      icon: Pin,
      keys: "p",
      onSelect: () => toggleFlag(scene, ids, "pinned"),
    },
    { label: text("canvas.color"), icon: Palette, entries: tintEntries(scene, ids) },
  ];
}

function oneEntries(scene: Scene, item: NodeItem): MenuEntry[] {
  const inner = subgraphOf(scene.store.records, item.record.raw);
  const own: MenuEntry[] = [
    {
      label: text("canvas.rename"),
      icon: PencilLine,
      keys: "f2",
      onSelect: () => setCanvasState({ renaming: item.id }),
    },
    { label: text("canvas.inspect"), icon: SlidersHorizontal, onSelect: () => openPanel("inspector") },
    ...maskEntries(scene, item),
  ];
  if (!inner) return [...own, ...groupEntries(scene, item), ...widgetEntries(scene, item)];
  return [
    ...own,
    ...widgetEntries(scene, item),
    { label: text("canvas.openSubgraph"), icon: FolderInput, onSelect: () => enter(scene, item) },
    { label: text("canvas.unpack"), icon: PackageOpen, onSelect: () => unwrap(scene, item) },
  ];
}

function groupEntries(scene: Scene, item: NodeItem): MenuEntry[] {
  if (!isGroup(scene, item)) return [];
  return [{ label: text("document.convertGroup"), icon: Box, onSelect: () => convertGroup(scene, item) }];
}

function maskEntries({ store }: Scene, { record, definition }: NodeItem): MenuEntry[] {
  const request = maskRequestOf(store, record, definition);
  if (!request) return [];
  return [{ label: text("widgets.paintMaskOf"), icon: Brush, onSelect: () => openMaskEditor(request) }];
}

/** What a node's widgets can be besides: fields of the app, axes of a sweep. */
function widgetEntries({ store, scope }: Scene, { record }: NodeItem): MenuEntry[] {
  const document = activeDocument();
  if (document?.store !== store) return [];
  const path = pathOf(document, scope, record.raw.id);
  const ticked = (widget: string) => isPromoted(store.records, path, widget);
  const fields = entriesOfNode(document, path, togglePromoted, ticked);
  if (fields.length === 0) return [];
  const axes = entriesOfNode(document, path, ({ id }, at, widget) => addAxis(id, at, widget));
  return [
    { label: text("app.in-app"), icon: PanelsTopLeft, entries: fields },
    { label: text("sweep.over"), icon: Grid3x3, entries: axes },
  ];
}

/** Return the entries for things that are selected, nodes among them. */
export function nodeEntries(scene: Scene, ids: readonly RecordId[]): MenuEntry[] {
  const nodes = nodesOf(scene, ids);
  const one = nodes.length === 1 ? nodes[0] : undefined;
  return [
    {
      label: text("canvas.runToHere"),
      icon: Play,
      keys: "alt+enter",
      onSelect: () => void runSelected(),
    },
    "separator",
    ...(one ? pictureEntries(scene, one) : []),
    ...(one ? oneEntries(scene, one) : [alignBranch(scene, ids)]),
    "separator",
    ...modeEntries(scene, ids, nodes),
    "separator",
    { label: text("document.copy"), icon: ClipboardCopy, keys: "mod+c", onSelect: copySelection },
    {
      label: text("canvas.duplicate"),
      icon: Copy,
      keys: "mod+d",
      onSelect: () => void duplicate(scene, ids),
    },
    { label: text("canvas.group"), icon: Group, keys: "mod+g", onSelect: () => groupItems(scene, ids) },
    {
      label: text("canvas.makeSubgraph"),
      icon: Box,
      keys: "mod+shift+g",
      onSelect: () => wrapItems(scene, ids),
    },
    "separator",
    ...(one
      ? [{ label: text("canvas.nodeHelp"), icon: BookOpen, onSelect: () => openPanel("inspector") }]
      : []),
    {
      label: text("canvas.remove"),
      icon: Trash2,
      keys: "delete",
      danger: true,
      onSelect: () => remove(scene, ids),
    },
  ];
}

const alignBranch = (scene: Scene, ids: readonly RecordId[]): MenuEntry => ({
  label: text("canvas.align"),
  icon: AlignStartVertical,
  entries: alignEntries(scene, ids),
});
