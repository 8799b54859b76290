/** Values of an app in an address, so that a link opens it as somebody left it. */

import { exactInteger, parseExact, stringifyExact } from "@/document/exact-json";
import { isObject, type Json } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { setValue, widgetValue } from "@/document/values";
import type { AppField } from "./app-fields";

/** Values by path and name of their widgets. */
export type Values = Readonly<Record<string, Json>>;

/** Return the name under which the value of a field is kept. */
export const keyOf = ({ input }: AppField): string => `${input.path}.${input.widget}`;

/** Return the values that the fields have now. */
export function valuesOf(fields: readonly AppField[], store: DocumentStore): Values {
  return Object.fromEntries(
    fields.map((field) => {
      const raw = store.node(field.node.scope, field.node.raw.id)?.raw ?? field.node.raw;
      return [keyOf(field), widgetValue(raw, field.slot)];
    }),
  );
}

/** Whether a value is one that a field can hold; what it may be is for the server to say. */
function fits({ slot }: AppField, value: Json): boolean {
  switch (slot.kind) {
    case "integer":
      return exactInteger(value) !== null;
    case "number":
      return typeof value === "number" || exactInteger(value) !== null;
    case "text":
    case "multiline":
      return typeof value === "string";
    case "toggle":
      return typeof value === "boolean";
    default:
      return true;
  }
}

/** Return what values name that no field takes, by the labels of the fields, in order. */
export function misfits(fields: readonly AppField[], values: Values): readonly string[] {
  const named = new Map(fields.map((field) => [keyOf(field), field]));
  const odd = Object.entries(values).flatMap(([key, value]) => {
    const field = named.get(key);
    if (!field) return [key];
    return fits(field, value) ? [] : [field.label];
  });
  return odd.sort();
}

/** Give fields values, those that are named and fit; one step of undo. */
export function applyValues(fields: readonly AppField[], store: DocumentStore, values: Values): void {
  store.transact("app.values", (tx) => {
    for (const field of fields) {
      const value = values[keyOf(field)];
      if (value !== undefined && fits(field, value))
        setValue(tx, field.node.scope, field.node.raw.id, field.slot, value);
    }
  });
}

/** Whether two lots of values are the same. */
export const sameValues = (one: Values, other: Values): boolean =>
  stringifyExact(one) === stringifyExact(other);

/** Write values into text for an address. */
export const packValues = (values: Values): string => stringifyExact(values);

/** Return the values in the text of an address; none where it cannot be read. */
export function unpackValues(text: string | null): Values {
  if (text === null) return {};
  try {
    const values = parseExact(text);
    return isObject(values) ? values : {};
  } catch {
    return {};
  }
}

/**
 * Return the address of an app.
 *
 * @param name Path of a saved workflow below `workflows/`, or the name of a template.
 */
export function appAddress(name: string, values: Values | null): string {
  const address = new URL(document.baseURI);
  const query = new URLSearchParams({ app: name });
  if (values) query.set("v", packValues(values));
  address.search = query.toString();
  address.hash = "";
  return address.href;
}
