/** What can be done to things on the shown sheet: each is one step of undo. */

import { copyItems, cornerOf, pasteClip } from "@/document/clipboard";
import { addGroupAround, amendGroup, itemsInGroup } from "@/document/groups";
import { makeSubgraph } from "@/document/make-subgraph";
import { amendNode, removeItems, setFlag, setMode } from "@/document/nodes";
import { type FileId, idOf, MODE, nodeId, type Point, type RecordId, ROOT } from "@/document/records";
import { addReroute, removeReroute } from "@/document/reroutes";
import { subgraphOf } from "@/document/subgraphs";
import type { Transaction } from "@/document/transaction";
import { unpackSubgraph } from "@/document/unpack-subgraph";
import { instancesEntered } from "@/editor/node-path";
import { activeDocument, useSession } from "@/editor/session";
import { pointAt } from "@/geometry/bezier";
import { text } from "@/i18n/language";
import { focusNode } from "./camera";
import { select } from "./gestures/select-box";
import { cut } from "./joining";
import { GROUP_TITLE } from "./paint/paint-groups";
import type { NodeItem, Scene } from "./scene";

/** Return the nodes among some things. */
export const nodesOf = (scene: Scene, ids: Iterable<RecordId>): NodeItem[] =>
  [...ids].map((id) => scene.nodes.get(id)).filter((item) => item !== undefined);

/** Return the nodes among some things, and those in the groups among them. */
export function nodesWithin(scene: Scene, ids: Iterable<RecordId>): NodeItem[] {
  const found = new Set<RecordId>();
  for (const id of ids) {
    found.add(id);
    const group = scene.groups.get(id);
    if (group) for (const inside of itemsInGroup(scene.store.records, group.record)) found.add(inside);
  }
  return nodesOf(scene, found);
}

const fileIds = (scene: Scene, ids: Iterable<RecordId>): FileId[] =>
  nodesOf(scene, ids).map(({ record }) => record.raw.id);

/** How far from things their copies lie, across and down. */
const BESIDE = 24;

interface Copying {
  /** Whether the copies are joined to the outputs that the things are joined to. */
  readonly keepWires: boolean;
}

/** Copy things to where they are, in a transaction; return the copies. */
export function copyInPlace(
  tx: Transaction,
  scene: Scene,
  ids: Iterable<RecordId>,
  { keepWires, shift = 0 }: Copying & { readonly shift?: number },
): readonly RecordId[] {
  const clip = copyItems(scene.store.records, scene.scope, ids);
  const [x, y] = cornerOf(clip);
  return pasteClip(tx, scene.scope, clip, [x + shift, y + shift], { keepWires });
}

/** Copy things beside them and select the copies; return these. */
export function duplicate(
  scene: Scene,
  ids: Iterable<RecordId>,
  { keepWires }: Copying = { keepWires: true },
): readonly RecordId[] {
  const copies = scene.store.transact("canvas.duplicate", (tx) =>
    copyInPlace(tx, scene, ids, { keepWires, shift: BESIDE }),
  );
  select(copies);
  return copies;
}

/** Take things away, wires and all. */
export function remove(scene: Scene, ids: Iterable<RecordId>): void {
  scene.store.transact("canvas.remove", (tx) => removeItems(tx, scene.scope, ids));
  select([]);
}

/** Mute or bypass nodes, those in groups too; when all of them are so already, let them run again. */
export function toggleMode(scene: Scene, ids: Iterable<RecordId>, mode: number): void {
  const nodes = nodesWithin(scene, ids);
  const all = nodes.length > 0 && nodes.every(({ record }) => record.raw.mode === mode);
  const next = all ? MODE.always : mode;
  scene.store.transact("canvas.mode", (tx) =>
    setMode(
      tx,
      scene.scope,
      nodes.map(({ record }) => record.raw.id),
      next,
    ),
  );
}

/** Collapse or pin nodes, those in groups too; when all of them are so already, undo that. */
export function toggleFlag(scene: Scene, ids: Iterable<RecordId>, flag: "collapsed" | "pinned"): void {
  const nodes = nodesWithin(scene, ids);
  const on = !nodes.every(({ record }) => record.raw.flags?.[flag] === true);
  scene.store.transact(flag === "pinned" ? "canvas.pin" : "canvas.collapse", (tx) => {
    for (const { record } of nodes) setFlag(tx, scene.scope, record.raw.id, flag, on);
  });
}

/** Colour nodes, header and body; null gives them back the colour of their kind. */
export function colorNodes(
  scene: Scene,
  ids: Iterable<RecordId>,
  color: string | null,
  body: string | null,
): void {
  scene.store.transact("canvas.color", (tx) => {
    for (const id of fileIds(scene, ids)) {
      amendNode(tx, scene.scope, id, { color: color ?? undefined, bgcolor: body ?? undefined } as never);
    }
  });
}

/** Give a node a title; an empty one gives it back that of its kind. */
export function rename(scene: Scene, item: NodeItem, title: string): void {
  const next = title.trim() === "" ? undefined : title.trim();
  if (next === item.record.raw.title) return;
  scene.store.transact("canvas.rename", (tx) =>
    amendNode(tx, scene.scope, item.record.raw.id, { title: next } as never),
  );
}

/** Put a group around things. */
export function groupItems(scene: Scene, ids: Iterable<RecordId>): void {
  const list = [...ids];
  if (list.length === 0) return;
  scene.store.transact("canvas.group", (tx) =>
    addGroupAround(tx, scene.scope, text("canvas.newGroup"), list),
  );
}

/** Make the frame of a group as large as what is in it needs. */
export function fitFrame(scene: Scene, id: RecordId): void {
  const group = scene.groups.get(id);
  const inside = group && itemsInGroup(scene.store.records, group.record);
  const bounds = inside && scene.bounds(inside);
  if (!group || !inside || inside.length === 0 || !bounds) return;
  const top = GROUP_TITLE + FRAME;
  const bounding = [bounds.x - FRAME, bounds.y - top, bounds.width + 2 * FRAME, bounds.height + top + FRAME];
  scene.store.transact("canvas.resize", (tx) =>
    amendGroup(tx, scene.scope, group.record.key, { bounding: bounding.map(Math.round) }),
  );
}

/** Space between the frame of a group and what is in it. */
const FRAME = 10;

/** Make a subgraph of things. */
export function wrapItems(scene: Scene, ids: Iterable<RecordId>): void {
  const list = [...ids];
  const made = scene.store.transact("canvas.makeSubgraph", (tx) =>
    makeSubgraph(tx, scene.scope, list, text("canvas.newSubgraph"), scene.catalogue),
  );
  select([nodeId(scene.scope, made.raw.id)]);
}

/** Put what is in a subgraph in its place. */
export function unwrap(scene: Scene, item: NodeItem): void {
  const inside = scene.store.transact("canvas.unpack", (tx) =>
    unpackSubgraph(tx, scene.scope, item.record.raw.id, scene.catalogue),
  );
  select(inside);
}

/** Show what is in a subgraph; return whether the node is one. */
export function enter(scene: Scene, item: NodeItem): boolean {
  const document = activeDocument();
  const sheet = subgraphOf(scene.store.records, item.record.raw);
  if (!document || !sheet) return false;
  useSession.getState().amend(document.id, {
    scopes: [...document.scopes, sheet.scope],
    instances: [...instancesEntered(document), item.record.raw.id],
    selection: new Set(),
  });
  return true;
}

/** Lead a wire through a new point; return the point. */
export function rerouteWire(
  scene: Scene,
  wire: RecordId,
  [x, y]: Point,
  curve: number,
): RecordId | undefined {
  const item = scene.wires.get(wire);
  if (!item) return undefined;
  const before = scene.reroutesOf(item.record)[curve]?.record.raw.id;
  const at: Point = [Math.round(x), Math.round(y)];
  return idOf(
    scene.store.transact("canvas.reroute", (tx) => addReroute(tx, scene.scope, item.record.id, at, before)),
  );
}

/** Lead a wire through a new point in the middle of its longest part; return the point. */
export function rerouteHalfway(scene: Scene, wire: RecordId): RecordId | undefined {
  const curves = scene.wires.get(wire)?.curves ?? [];
  const lengths = curves.map(([ax, ay, , , , , dx, dy]) => Math.hypot(dx - ax, dy - ay));
  const at = lengths.indexOf(Math.max(...lengths));
  const curve = curves[at];
  return curve && rerouteWire(scene, wire, pointAt(curve, 0.5), at);
}

/** Take a point that wires are led through away; the wires stay. */
export function dropReroute(scene: Scene, id: RecordId): void {
  const item = scene.reroutes.get(id);
  if (item)
    scene.store.transact("canvas.reroute", (tx) => removeReroute(tx, scene.scope, item.record.raw.id));
}

/** Take a wire away. */
export function cutWire(scene: Scene, id: RecordId): void {
  scene.store.transact("canvas.disconnect", (tx) => cut(tx, scene, [id]));
}

/** Show the sheet around the subgraph that is shown, and on it the node that the subgraph is. */
export function leaveSheet(): void {
  const document = activeDocument();
  if (!document || document.scopes.length < 2) return;
  const scopes = document.scopes.slice(0, -1);
  useSession.getState().amend(document.id, { scopes, selection: new Set() });
  const instance = instancesEntered(document).at(-1);
  if (instance !== undefined) focusNode(nodeId(scopes.at(-1) ?? ROOT, instance));
}
