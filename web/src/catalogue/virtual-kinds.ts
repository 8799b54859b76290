/** Kinds of nodes that only the editor knows: they are in files, but never run themselves. */

import type { JsonObject, RawNode } from "@/document/records";
import type { InputDefinition, NodeDefinition } from "./definitions";

const BARE = {
  category: "utils",
  description: "",
  inputs: [],
  outputs: [],
  isOutput: false,
  deprecated: false,
  experimental: false,
  module: "editor",
  aliases: [],
  virtual: true,
} as const;

const text = (name: string, options: JsonObject): InputDefinition => ({
  name,
  type: "STRING",
  options: { multiline: true, socketless: true, ...options },
  required: false,
});

/** A note of plain text. */
export const NOTE: NodeDefinition = { ...BARE, type: "Note", title: "Note", inputs: [text("text", {})] };

/** A note whose text is Markdown. */
export const MARKDOWN_NOTE: NodeDefinition = {
  ...BARE,
  type: "MarkdownNote",
  title: "Markdown Note",
  inputs: [text("text", { markdown: true })],
};

/** A node that passes on what comes in. */
export const REROUTE: NodeDefinition = {
  ...BARE,
  type: "Reroute",
  title: "Reroute",
  inputs: [{ name: "", type: "*", options: {}, required: false }],
  outputs: [{ name: "", type: "*", isList: false }],
};

/** What the output of a primitive is called, and its type in files, while nothing is joined to it. */
const FREE_PRIMITIVE = { name: "connect to widget input", type: "*" } as const;

/** A value that several widgets share; it takes the kind of the first widget that it is joined to. */
export const PRIMITIVE: NodeDefinition = {
  ...BARE,
  type: "PrimitiveNode",
  title: "Primitive",
  outputs: [
    {
      name: FREE_PRIMITIVE.name,
      type: "INT,FLOAT,STRING,BOOLEAN,COMBO",
      freeType: FREE_PRIMITIVE.type,
      isList: false,
    },
  ],
};

/** The kinds that are offered like those of the server. */
export const OFFERED_KINDS: readonly NodeDefinition[] = [NOTE, MARKDOWN_NOTE, REROUTE, PRIMITIVE];

const reroutes = new Map<string, NodeDefinition>();

/** Return the definition of a reroute node: of the type that is led through it. */
export function rerouteOf(raw: RawNode): NodeDefinition {
  const type = raw.outputs?.[0]?.type;
  if (typeof type !== "string" || type === "*") return REROUTE;
  const known = reroutes.get(type) ?? { ...REROUTE, outputs: [{ name: "", type, isList: false }] };
  reroutes.set(type, known);
  return known;
}

/** Return a primitive that nothing is joined to any more as one that can be joined to anything. */
export function freedPrimitive(raw: RawNode): RawNode {
  const { widgets_values: _, widgets_values_named: __, ...others } = raw;
  const outputs = (raw.outputs ?? []).map(({ widget: ___, ...output }) => ({ ...output, ...FREE_PRIMITIVE }));
  return { ...others, outputs } as RawNode;
}

const primitives = new WeakMap<object, NodeDefinition>();
const plainPrimitives = new Map<string, NodeDefinition>();
const NUMBERS: ReadonlySet<string> = new Set(["INT", "FLOAT", "COMBO"]);

/** Return the definition of a primitive that is joined to an input, or of what it was joined to before. */
export function primitiveOf(raw: RawNode, joined: InputDefinition | undefined): NodeDefinition {
  if (joined) {
    const known = primitives.get(joined) ?? primitiveWith(joined);
    primitives.set(joined, known);
    return known;
  }
  const type = raw.outputs?.[0]?.type;
  if (typeof type !== "string" || type === "*" || !Array.isArray(raw.widgets_values)) return PRIMITIVE;
  const known =
    plainPrimitives.get(type) ?? primitiveWith({ name: "value", type, options: {}, required: false });
  plainPrimitives.set(type, known);
  return known;
}

function primitiveWith(joined: InputDefinition): NodeDefinition {
  const { type } = joined;
  const control = NUMBERS.has(type)
    ? { control_after_generate: joined.options.control_after_generate || "fixed" }
    : {};
  const options = { ...joined.options, ...control, socketless: true, forceInput: false };
  return {
    ...PRIMITIVE,
    inputs: [{ ...joined, name: "value", options }],
    outputs: [{ name: type, type, freeType: FREE_PRIMITIVE.type, isList: false }],
  };
}
