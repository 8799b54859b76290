/** Primitives: values that several widgets share. They are what the first widget is that they are joined to. */

import type { Catalogue } from "@/catalogue/definitions";
import { defaultOf, inputNamed, type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import { PRIMITIVE, primitiveOf } from "@/catalogue/virtual-kinds";
import { connect, type LinkEnds } from "./links";
import {
  type FileId,
  idOf,
  type Json,
  type LinkRecord,
  type NodeRecord,
  type RawNode,
  type Scope,
} from "./records";
import { nodeDefinitionOf } from "./subgraphs";
import type { Transaction } from "./transaction";
import { setValue, widgetValue } from "./values";

/**
 * Join an output to an input; what was on the input before goes. A primitive that nothing was joined to takes
 * on the type and the value of the widget, and what becomes of it after a run; otherwise the widget gets its value.
 *
 * @throws RangeError A node or a slot does not exist.
 */
export function connectValue(
  tx: Transaction,
  scope: Scope,
  ends: LinkEnds,
  catalogue: Catalogue,
): LinkRecord {
  const link = connect(tx, scope, ends);
  const origin = tx.node(scope, link.origin);
  const target = tx.node(scope, link.target);
  if (origin?.raw.type !== PRIMITIVE.type || !target) return link;
  const taken = widgetAt(tx, target, link.targetSlot, catalogue);
  if (!taken) return link;
  const isFirst = origin.raw.outputs?.[0]?.links?.length === 1;
  const raw = isFirst ? takingOn(origin.raw, taken, valuesBefore(tx, origin, taken.input.type)) : origin.raw;
  if (isFirst) tx.put({ ...origin, raw });
  if (Array.isArray(raw.widgets_values))
    share(tx, link, (raw.widgets_values as readonly Json[])[0], catalogue);
  const typed: LinkRecord = { ...link, type: taken.input.type };
  tx.put(typed);
  return typed;
}

/**
 * Give a widget a value; that of a primitive also to the widgets that it is joined to, which keep it when the
 * wire goes.
 *
 * @throws RangeError The sheet has no such node.
 */
export function setSharedValue(
  tx: Transaction,
  { scope, id, slot }: { readonly scope: Scope; readonly id: FileId; readonly slot: WidgetSlot },
  value: Json,
  catalogue: Catalogue,
): void {
  setValue(tx, scope, id, slot, value);
  const { raw } = tx.needNode(scope, id);
  if (raw.type !== PRIMITIVE.type || !slot.sent) return;
  for (const linkId of raw.outputs?.[0]?.links ?? []) {
    const link = tx.link(scope, linkId);
    if (link) share(tx, link, value, catalogue);
  }
}

/** Give the widget at the end of a link a value. */
function share(tx: Transaction, link: LinkRecord, value: Json | undefined, catalogue: Catalogue): void {
  const { scope, target, targetSlot } = link;
  const node = tx.node(scope, target);
  const { slot } = (node && widgetAt(tx, node, targetSlot, catalogue)) ?? {};
  if (!node || !slot || value === undefined || widgetValue(node.raw, slot) === value) return;
  setValue(tx, scope, target, slot, value);
}

type Taken = NonNullable<ReturnType<typeof widgetAt>>;

/** Return the widget that an input socket stands for, with its value. */
function widgetAt(tx: Transaction, { scope, raw }: NodeRecord, slot: number, catalogue: Catalogue) {
  const socket = raw.inputs?.[slot];
  const definition = nodeDefinitionOf(tx, catalogue, raw, scope);
  const name = socket?.widget?.name ?? socket?.name ?? "";
  const input = definition && inputNamed(definition, raw, name);
  if (!input) return undefined;
  const found = widgetSlots(definition, raw).find((one) => one.sent && one.name === name);
  return { name, input, slot: found, value: found && widgetValue(raw, found) };
}

/** A wire that is moved to another widget of the same type, within one step, takes its values along. */
function valuesBefore(tx: Transaction, node: NodeRecord, type: string): Json | undefined {
  const before = tx.diff.get(idOf(node))?.before;
  if (before?.kind !== "node" || before.raw.outputs?.[0]?.type !== type) return undefined;
  return before.raw.widgets_values;
}

function takingOn(raw: RawNode, { name, input, value }: Taken, before: Json | undefined): RawNode {
  const slots = widgetSlots(primitiveOf(raw, input), { ...raw, widgets_values: [] });
  const fresh = slots.map((slot): Json => (slot.sent ? (value ?? defaultOf(slot)) : defaultOf(slot)));
  const joined = { name: input.type, type: input.type, widget: { name } };
  const outputs = (raw.outputs ?? []).map((output, at) => (at === 0 ? { ...output, ...joined } : output));
  const { widgets_values_named: _, ...others } = raw;
  return { ...others, outputs, widgets_values: before ?? fresh } as RawNode;
}
