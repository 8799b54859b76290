/** The values of a node's widgets. */

import { defaultOf, isLastOfKind, slotsBefore, type WidgetSlot } from "@/catalogue/slots";
import { type FileId, isObject, type Json, type RawNode, type Scope } from "./records";
import type { Transaction } from "./transaction";

/** Names under which files that keep values by name have the editor's own widgets. */
const OWN_NAMES: Partial<Record<WidgetSlot["kind"], string>> = {
  control: "control_after_generate",
  filter: "control_filter_list",
  upload: "upload",
};

const keyOf = (slot: WidgetSlot): string => OWN_NAMES[slot.kind] ?? slot.name;

/** Return the value of a widget; where the node has none, the one that the widget starts with. */
export function widgetValue(raw: RawNode, slot: WidgetSlot): Json {
  const values = raw.widgets_values;
  const given = Array.isArray(values)
    ? (values as readonly Json[])[slot.index]
    : isObject(values)
      ? values[keyOf(slot)]
      : undefined;
  return given ?? defaultOf(slot);
}

/**
 * Give a widget a value. Where the node's list is too short, the values before it are filled in.
 *
 * @throws RangeError The sheet has no such node.
 */
export function setValue(tx: Transaction, scope: Scope, id: FileId, slot: WidgetSlot, value: Json): void {
  const node = tx.needNode(scope, id);
  const { widgets_values: before, widgets_values_named: named } = node.raw;
  const widgets_values: Json = isObject(before)
    ? { ...before, [keyOf(slot)]: value }
    : listWith(Array.isArray(before) ? before : [], slot, value);
  const raw: RawNode = { ...node.raw, widgets_values };
  const key = keyOf(slot);
  // Of several rules in a node, files keep the last one by name.
  const isNamed = isObject(named) && (slot.sent || (key in named && isLastOfKind(slot)));
  const both = isNamed ? { ...raw, widgets_values_named: { ...named, [key]: value } } : raw;
  tx.put({ ...node, raw: both });
}

function listWith(before: readonly Json[], slot: WidgetSlot, value: Json): Json[] {
  const list = [...before];
  const earlier = slotsBefore(slot);
  if (slot.index < 0) {
    // The list of an old file has no place for this one: it is made right after the widget before it.
    const place = (earlier.findLast(({ index }) => index >= 0)?.index ?? -1) + 1;
    list.splice(place, 0, value);
    return list;
  }
  for (const one of earlier) if (one.index >= list.length) list[one.index] = defaultOf(one);
  for (let at = list.length; at < slot.index; at++) list[at] = null;
  list[slot.index] = value;
  return list;
}
