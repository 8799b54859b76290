/** What is known about the kind of a group node, from what is inside it. */

import type { Catalogue, InputDefinition, NodeDefinition } from "@/catalogue/definitions";
import { UNKNOWN_WIDGET } from "@/catalogue/slots";
import { extraOf } from "./extra";
import { type GroupLayout, type GroupValue, groupName, groupOf, layoutOf } from "./group-layout";
import { isObject, type Json, type RawNode, type RecordSource } from "./records";

const known = new WeakMap<object, { readonly catalogue: Catalogue; readonly definition: NodeDefinition }>();

/**
 * Return what is known about the kind of a group node, or undefined where it is none. The same object as long as
 * nothing changed.
 *
 * @param definitionOf Tells what is known about a node inside.
 */
export function groupDefinition(
  records: RecordSource,
  catalogue: Catalogue,
  raw: RawNode,
  definitionOf: (inner: RawNode) => NodeDefinition | undefined,
): NodeDefinition | undefined {
  const groups = extraOf(records, "groupNodes");
  const key = isObject(groups) ? groups[groupName(raw)] : undefined;
  const group = isObject(key) ? groupOf(records, raw) : undefined;
  if (!group || !isObject(key)) return undefined;
  const before = known.get(key);
  if (before?.catalogue === catalogue) return before.definition;
  const definition = describe(raw.type, group.name, layoutOf(group, definitionOf));
  known.set(key, { catalogue, definition });
  return definition;
}

function describe(type: string, title: string, { inputs, outputs, values }: GroupLayout): NodeDefinition {
  const sockets = inputs.map(
    (socket): InputDefinition => ({
      name: socket.name,
      type: typeOf(socket.type),
      options: { forceInput: true },
      required: false,
    }),
  );
  const ruled = new Set(values.filter(({ slot }) => slot.kind === "control").map(keyOf));
  const widgets = values.filter(({ slot }) => slot.sent).map((value) => widgetOf(value, ruled));
  return {
    type,
    title,
    category: "",
    description: "",
    inputs: [...sockets, ...widgets],
    outputs: outputs.map(({ name, type: given }) => ({ name, type: typeOf(given), isList: false })),
    isOutput: false,
    deprecated: false,
    experimental: false,
    module: "editor",
    aliases: [],
    virtual: true,
  };
}

const typeOf = (type: Json): string => (typeof type === "string" ? type : "COMBO");

const keyOf = ({ node, slot }: GroupValue): string => `${node}:${slot.name}`;

const NOBODY_KNOWS: Omit<InputDefinition, "name"> = {
  type: "*",
  options: { widgetType: UNKNOWN_WIDGET },
  required: false,
};

/** A widget of a group node has no socket, and a rule where the one inside has. */
function widgetOf(value: GroupValue, ruled: ReadonlySet<string>): InputDefinition {
  const inner = value.slot.input ?? NOBODY_KNOWS;
  const asked = inner.options.control_after_generate;
  const options = { ...inner.options, control_after_generate: ruled.has(keyOf(value)) && (asked || true) };
  return { ...inner, name: value.name, options: { ...options, socketless: true } };
}
