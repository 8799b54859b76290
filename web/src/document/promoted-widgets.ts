/** Widgets inside a subgraph that its instances show: each is an input of the subgraph. */

import type { Catalogue } from "@/catalogue/definitions";
import { type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import { disconnect, inputSlotOf } from "./links";
import {
  type FileId,
  idOf,
  isObject,
  type Json,
  type LinkRecord,
  type NodeRecord,
  type RawNode,
  type RecordSource,
  type Scope,
  SUBGRAPH_INPUT,
} from "./records";
import { isSameId } from "./sheet-lists";
import { exposeInput, removeSubgraphInput } from "./subgraph-ports";
import { instancesOf, nodeDefinitionOf, subgraphInputs } from "./subgraphs";
import type { Transaction } from "./transaction";
import { setValue, widgetValue } from "./values";

/** Return the link that leads a widget out of its subgraph, or undefined where it is not promoted. */
export function promotionOf(tx: RecordSource, node: NodeRecord, name: string): LinkRecord | undefined {
  const input = (node.raw.inputs ?? []).find((one) => one.widget?.name === name);
  const link =
    input?.link === null || input?.link === undefined
      ? undefined
      : tx.get(`link:${node.scope}:${input.link}`);
  return link?.kind === "link" && Number(link.origin) === SUBGRAPH_INPUT ? link : undefined;
}

/**
 * Show a widget of a node inside a subgraph at the subgraph's instances, which keep the value it has now.
 *
 * @throws RangeError The node has no such widget, or something is joined to it already.
 */
export function promoteWidget(
  tx: Transaction,
  scope: Scope,
  id: FileId,
  name: string,
  catalogue: Catalogue,
): void {
  const node = tx.needNode(scope, id);
  if (promotionOf(tx, node, name)) return;
  const definition = nodeDefinitionOf(tx, catalogue, node.raw, scope);
  const inner = slotNamed(tx, catalogue, node, name);
  if (!inner) throw new RangeError(`node ${id} has no widget "${name}"`);
  const slot = inputSlotOf(tx, node, definition, name);
  const { link } = tx.needNode(scope, id).raw.inputs?.[slot] ?? {};
  if (link !== null && link !== undefined) throw new RangeError(`something is joined to the input "${name}"`);
  const value = widgetValue(node.raw, inner);
  const earlier = new Map(instancesOf(tx, scope).map((one) => [idOf(one), valuesOf(tx, catalogue, one)]));
  const port = exposeInput(tx, scope, id, slot);
  const made = subgraphInputs(tx.sheet(scope))[port]?.name ?? name;
  for (const instance of instancesOf(tx, scope)) {
    tx.put({ ...instance, raw: withValue(instance.raw, earlier.get(idOf(instance)) ?? [], made, value) });
  }
}

function slotNamed(
  tx: Transaction,
  catalogue: Catalogue,
  node: NodeRecord,
  name: string,
): WidgetSlot | undefined {
  const definition = nodeDefinitionOf(tx, catalogue, node.raw, node.scope);
  return widgetSlots(definition, node.raw).find((slot) => slot.sent && slot.name === name);
}

function valuesOf(tx: Transaction, catalogue: Catalogue, instance: NodeRecord): Json[] {
  const definition = nodeDefinitionOf(tx, catalogue, instance.raw, instance.scope);
  return widgetSlots(definition, instance.raw).map((slot) => widgetValue(instance.raw, slot));
}

function withValue(raw: RawNode, values: readonly Json[], name: string, value: Json): RawNode {
  const { widgets_values: before, widgets_values_named: named } = raw;
  const widgets_values: Json = isObject(before) ? { ...before, [name]: value } : [...values, value];
  const both = isObject(named) && { widgets_values_named: { ...named, [name]: value } };
  return { ...raw, widgets_values, ...both };
}

/**
 * Take a widget off the instances of a subgraph again. Where they all have the same value, the node inside
 * gets it.
 *
 * @throws RangeError The sheet has no such node.
 */
export function demoteWidget(
  tx: Transaction,
  scope: Scope,
  id: FileId,
  name: string,
  catalogue: Catalogue,
): void {
  const link = promotionOf(tx, tx.needNode(scope, id), name);
  if (!link) return;
  const port = subgraphInputs(tx.sheet(scope))[link.originSlot];
  const others = port?.linkIds.filter((one) => !isSameId(one, link.id) && tx.link(scope, one)) ?? [];
  if (port && others.length === 0) {
    const kept = sharedValue(tx, scope, catalogue, port.name);
    removeSubgraphInput(tx, scope, link.originSlot);
    const inner = slotNamed(tx, catalogue, tx.needNode(scope, id), name);
    if (inner && kept !== undefined) setValue(tx, scope, id, inner, kept);
  } else disconnect(tx, scope, link.id);
}

function sharedValue(tx: Transaction, scope: Scope, catalogue: Catalogue, name: string): Json | undefined {
  const values = instancesOf(tx, scope).map((instance) => {
    const slot = slotNamed(tx, catalogue, instance, name);
    return slot && widgetValue(instance.raw, slot);
  });
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}
