/** Group nodes of older files made into subgraphs, with all their values and wires. */

import type { Catalogue } from "@/catalogue/definitions";
import { acceptsValueOf } from "@/catalogue/slots";
import { extraOf, setExtra } from "./extra";
import { type Group, type GroupLayout, type GroupValue, groupOf, layoutOf } from "./group-layout";
import { boundsAround } from "./groups";
import { connect, holdLink, inputSlotOf, linksTouching, releaseLink } from "./links";
import { makeSubgraph } from "./make-subgraph";
import { amendNode, positionOf, removeItems } from "./nodes";
import { type PieceLink, placeCopy } from "./placed-copy";
import { promoteWidget } from "./promoted-widgets";
import {
  type FileId,
  idOf,
  isObject,
  type Json,
  type LinkRecord,
  type NodeRecord,
  nodeId,
  type RawNode,
  ROOT,
  type Scope,
} from "./records";
import { definitionsOf } from "./subgraph-definitions";
import { nodeDefinitionOf } from "./subgraphs";
import type { Transaction } from "./transaction";
import { setValue, widgetValue } from "./values";

/**
 * Put a subgraph in the place of a group node: with its values, its wires and its looks. Widgets that the group
 * node showed are promoted, unless they change after each run: an instance has no rules.
 *
 * @throws RangeError The node does not exist, or is no group node of which the file tells what is inside.
 */
export function convertGroupNode(
  tx: Transaction,
  scope: Scope,
  id: FileId,
  catalogue: Catalogue,
): NodeRecord {
  const node = tx.needNode(scope, id);
  const group = groupOf(tx, node.raw);
  if (!group) throw new RangeError(`node ${id} is no group node`);
  const opened = place(tx, node, group, catalogue);
  handDown(opened);
  joinInputs(opened, catalogue);
  joinOutputs(opened);
  removeItems(tx, scope, [idOf(node)]);
  const ids = opened.placed.map((one) => nodeId(scope, one));
  const made = makeSubgraph(tx, scope, ids, group.name, catalogue);
  promoteShown(opened, made.raw.type, catalogue);
  dressUp(tx, made, node.raw);
  forgetUnused(tx, group.name);
  return tx.needNode(scope, made.raw.id);
}

/** A group node of which the inside lies on its sheet. */
interface Opened {
  readonly tx: Transaction;
  readonly node: NodeRecord;
  readonly layout: GroupLayout;
  /** Ids of the nodes that were inside, by their places. */
  readonly placed: readonly FileId[];
}

/** Put the nodes of a group onto the sheet of a group node, joined to each other. */
function place(tx: Transaction, node: NodeRecord, group: Group, catalogue: Catalogue): Opened {
  const { scope, raw } = node;
  const links = group.links.map((link, id): PieceLink => ({ ...link, id }));
  const piece = { nodes: group.nodes.map(bare), links, groups: [], reroutes: [] };
  const { nodes } = placeCopy(tx, scope, piece, [0, 0]);
  const placed = group.nodes.map((_, at) => nodes.get(String(at)) ?? 0);
  const [x, y] = positionOf(raw);
  const bounds = boundsAround(
    tx,
    placed.map((id) => nodeId(scope, id)),
  ) ?? [x, y, 0, 0];
  for (const id of placed) {
    const [left, top] = positionOf(tx.needNode(scope, id).raw);
    amendNode(tx, scope, id, { pos: [left + x - bounds[0], top + y - bounds[1]] });
  }
  const layout = layoutOf(group, ({ id }) => {
    const inner = tx.needNode(scope, placed[Number(id)] ?? 0);
    return nodeDefinitionOf(tx, catalogue, inner.raw, scope);
  });
  return { tx, node, layout, placed };
}

/** A node of a group's definition as one of a sheet. */
function bare({ index: _, ...raw }: RawNode): RawNode {
  return { ...raw, flags: raw.flags ?? {}, mode: raw.mode ?? 0, properties: raw.properties ?? {} };
}

/** Give the nodes inside the values that the group node has for them. */
function handDown({ tx, node, layout, placed }: Opened): void {
  const { scope, raw } = node;
  const values = Array.isArray(raw.widgets_values) ? (raw.widgets_values as readonly Json[]) : [];
  layout.values.forEach(({ node: at, slot }, place) => {
    const value = values[place];
    const inner = tx.node(scope, placed[at] ?? 0);
    if (value === undefined || value === null || !inner || widgetValue(inner.raw, slot) === value) return;
    setValue(tx, scope, inner.raw.id, slot, value);
  });
}

/** Join what is inside to what the group node was joined to. */
function joinInputs({ tx, node, layout, placed }: Opened, catalogue: Catalogue): void {
  const { scope, raw } = node;
  layout.inputs.forEach((socket, place) => {
    const inputs = raw.inputs ?? [];
    const outer = inputs.find(({ name }) => name === socket.name) ?? inputs[place];
    const link = outer?.link === null || outer?.link === undefined ? undefined : tx.link(scope, outer.link);
    const inner = tx.node(scope, placed[socket.node] ?? 0);
    if (!link || !inner) return;
    const definition = nodeDefinitionOf(tx, catalogue, inner.raw, scope);
    const target = inner.raw.id;
    const targetSlot = socket.slot >= 0 ? socket.slot : inputSlotOf(tx, inner, definition, socket.inner);
    const { origin, originSlot, parent } = link;
    connect(tx, scope, { origin, originSlot, target, targetSlot, parent });
  });
}

function joinOutputs({ tx, node, layout, placed }: Opened): void {
  const { scope, raw } = node;
  for (const link of linksTouching(tx, scope, [raw.id])) {
    const output = String(link.origin) === String(raw.id) ? layout.outputs[link.originSlot] : undefined;
    const origin = output && placed[output.node];
    if (!output || origin === undefined) continue;
    releaseLink(tx, scope, link);
    const joined: LinkRecord = { ...link, origin, originSlot: output.slot };
    tx.put(joined);
    holdLink(tx, scope, joined);
  }
}

function promoteShown({ tx, layout, placed }: Opened, inside: Scope, catalogue: Catalogue): void {
  const valueAt = ({ node, slot }: GroupValue) => {
    const inner = tx.node(inside, placed[node] ?? 0);
    return inner && widgetValue(inner.raw, slot);
  };
  const keyOf = ({ node, slot }: GroupValue) => `${node}:${slot.name}`;
  const rules = layout.values.filter(({ slot }) => slot.kind === "control");
  const changing = new Set(rules.filter((rule) => valueAt(rule) !== "fixed").map(keyOf));
  for (const value of layout.values) {
    const { node, slot, shown } = value;
    const inner = tx.node(inside, placed[node] ?? 0);
    const isFree = slot.sent && slot.input && acceptsValueOf(slot.input) && !changing.has(keyOf(value));
    if (inner && shown && isFree && !isJoined(inner.raw, slot.name))
      promoteWidget(tx, inside, inner.raw.id, slot.name, catalogue);
  }
}

const isJoined = ({ inputs = [] }: RawNode, name: string): boolean =>
  inputs.some((input) => input.widget?.name === name && input.link !== null && input.link !== undefined);

/** The subgraph stands where the group node stood, and looks as it did. */
function dressUp(tx: Transaction, { scope, raw }: NodeRecord, before: RawNode): void {
  const { pos, mode, flags, color, bgcolor, title } = before;
  const kept = { pos, mode, flags, color, bgcolor, title };
  const told = Object.entries(kept).filter(([, value]) => value !== undefined);
  amendNode(tx, scope, raw.id, Object.fromEntries(told) as Partial<RawNode>);
}

/** Take the definition of a group away when no node is an instance of it any more. */
function forgetUnused(tx: Transaction, name: string): void {
  const groups = extraOf(tx, "groupNodes");
  if (!isObject(groups) || isUsed(tx, name)) return;
  const { [name]: _, ...others } = groups;
  setExtra(tx, "groupNodes", Object.keys(others).length > 0 ? others : undefined);
}

function isUsed(tx: Transaction, name: string): boolean {
  return [ROOT, ...definitionsOf(tx)].some((scope) =>
    tx.sheet(scope).nodes.some((id) => {
      const node = tx.get(id);
      return node?.kind === "node" && groupOf(tx, node.raw)?.name === name;
    }),
  );
}
