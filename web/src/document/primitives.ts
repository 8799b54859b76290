/** Primitives: values that several widgets share. They are what the first widget is that they are joined to. */

import type { Catalogue } from "@/catalogue/definitions";
import { defaultOf, inputNamed, widgetSlots } from "@/catalogue/slots";
import { PRIMITIVE, primitiveOf } from "@/catalogue/virtual-kinds";
import { connect, type LinkEnds } from "./links";
import { idOf, type Json, type LinkRecord, type NodeRecord, type RawNode, type Scope } from "./records";
import { nodeDefinitionOf } from "./subgraphs";
import type { Transaction } from "./transaction";
import { widgetValue } from "./values";

/**
 * Join an output to an input; what was on the input before goes. A primitive that nothing was joined to takes
 * on the type and the value of the widget, and what becomes of it after a run.
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
  const isFirst = origin?.raw.type === PRIMITIVE.type && origin.raw.outputs?.[0]?.links?.length === 1;
  const taken = isFirst && target && widgetAt(tx, target, link.targetSlot, catalogue);
  if (!taken) return link;
  tx.put({ ...origin, raw: takingOn(origin.raw, taken, valuesBefore(tx, origin, taken.input.type)) });
  const typed: LinkRecord = { ...link, type: taken.input.type };
  tx.put(typed);
  return typed;
}

type Taken = NonNullable<ReturnType<typeof widgetAt>>;

/** Return the widget that an input socket stands for, with its value. */
function widgetAt(tx: Transaction, { scope, raw }: NodeRecord, slot: number, catalogue: Catalogue) {
  const socket = raw.inputs?.[slot];
  const definition = nodeDefinitionOf(tx, catalogue, raw, scope);
  const name = socket?.widget?.name ?? socket?.name ?? "";
  const input = definition && inputNamed(definition, raw, name);
  if (!input) return undefined;
  const widget = widgetSlots(definition, raw).find((one) => one.sent && one.name === name);
  return { name, input, value: widget && widgetValue(raw, widget) };
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
