/** The seeds, and other values with a control, that the last run of a document had. */

import { widgetSlots } from "@/catalogue/slots";
import { useCatalogue } from "@/catalogue/state";
import { type FileId, type Json, type NodeRecord, nodeId, type Scope } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { widgetValue } from "@/document/values";

const used = new WeakMap<DocumentStore, ReadonlyMap<string, Json>>();

const keyOf = (scope: Scope, id: FileId, name: string): string => `${nodeId(scope, id)} ${name}`;

/** Remember the values that a run begins with now. */
export function noteUsedValues(store: DocumentStore): void {
  const values = new Map<string, Json>();
  for (const record of store.records.values()) {
    if (record.kind === "node") noteNode(record, values);
  }
  used.set(store, values);
}

function noteNode({ scope, raw }: NodeRecord, values: Map<string, Json>): void {
  const definition = useCatalogue.getState().catalogue.get(raw.type);
  if (!definition) return;
  const slots = widgetSlots(definition, raw);
  for (const { kind, name } of slots) {
    const slot = kind === "control" && slots.find((one) => one.sent && one.name === name);
    if (slot) values.set(keyOf(scope, raw.id, name), widgetValue(raw, slot));
  }
}

/** Return the value that a widget had in the last run; undefined where none was made since the page was loaded. */
export function usedValue(store: DocumentStore, scope: Scope, id: FileId, name: string): Json | undefined {
  return used.get(store)?.get(keyOf(scope, id, name));
}
