/** The server's list of its kinds of nodes (`GET /object_info`), read into definitions. */

import { isObject, type Json, type JsonObject } from "@/document/records";
import type { Catalogue, InputDefinition, NodeDefinition, OutputDefinition } from "./definitions";

/** Return the kinds of nodes by type; entries that are malformed are left out. */
export function readObjectInfo(json: JsonObject): Catalogue {
  const catalogue = new Map<string, NodeDefinition>();
  for (const [type, entry] of Object.entries(json)) {
    if (isObject(entry)) catalogue.set(type, readNode(type, entry));
  }
  return catalogue;
}

function readNode(type: string, entry: JsonObject): NodeDefinition {
  return {
    type,
    title: textOf(entry.display_name) || type,
    category: textOf(entry.category),
    description: textOf(entry.description),
    inputs: readInputs(entry.input, entry.input_order),
    outputs: readOutputs(entry),
    isOutput: entry.output_node === true,
    deprecated: entry.deprecated === true,
    experimental: entry.experimental === true,
    module: textOf(entry.python_module),
    aliases: listOf(entry.search_aliases).filter((alias) => typeof alias === "string"),
    ...(entry.dev_only === true && { hidden: true }),
  };
}

/** Return the inputs of sections `required` and `optional`, each in the order that is told. */
export function readInputs(sections: Json | undefined, order?: Json): InputDefinition[] {
  return (["required", "optional"] as const).flatMap((section) => {
    const named = isObject(sections) ? sections[section] : undefined;
    if (!isObject(named)) return [];
    const told = listOf(isObject(order) ? order[section] : undefined).filter(
      (name) => typeof name === "string",
    );
    const names = new Set([...told, ...Object.keys(named)]);
    return [...names].flatMap((name) => readInput(name, named[name], section === "required") ?? []);
  });
}

/** Return an input from how it is declared: `[type]` or `[type, options]`; undefined where it is neither. */
function readInput(name: string, wire: Json | undefined, required: boolean): InputDefinition | undefined {
  if (!Array.isArray(wire) || wire.length === 0) return undefined;
  const [kind, given] = wire as readonly Json[];
  const options = isObject(given) ? given : {};
  if (Array.isArray(kind))
    return { name, type: "COMBO", choices: kind as readonly Json[], options, required };
  if (typeof kind !== "string") return undefined;
  const choices = choicesIn(kind, options);
  return { name, type: kind, options, required, ...(choices && { choices }) };
}

/** The type of an input that brings further ones, depending on what is chosen. */
export const DYNAMIC_CHOICE = "COMFY_DYNAMICCOMBO_V3";

function choicesIn(type: string, options: JsonObject): readonly Json[] | undefined {
  if (type === "COMBO") return listOf(options.options);
  if (type !== DYNAMIC_CHOICE) return undefined;
  return listOf(options.options).flatMap((option) =>
    isObject(option) && option.key !== undefined ? [option.key] : [],
  );
}

function readOutputs(entry: JsonObject): OutputDefinition[] {
  const names = listOf(entry.output_name);
  const lists = listOf(entry.output_is_list);
  const tooltips = listOf(entry.output_tooltips);
  return listOf(entry.output).map((kind, at) => {
    const type = typeof kind === "string" ? kind : "COMBO";
    const tooltip = textOf(tooltips[at]);
    const output = { name: textOf(names[at]) || type, type, isList: lists[at] === true };
    return tooltip === "" ? output : { ...output, tooltip };
  });
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
