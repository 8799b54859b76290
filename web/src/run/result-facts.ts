/** What made a result: read from the workflow of its job in the API format. */

import { exactInteger } from "@/document/exact-json";
import { isObject, type Json, type JsonObject } from "@/document/records";

/** Something that a picture was made with. */
export type FactName =
  | "prompt"
  | "negative"
  | "seed"
  | "steps"
  | "cfg"
  | "sampler"
  | "model"
  | "lora"
  | "size";

/** Something that is known about how a result was made. */
export interface Fact {
  readonly name: FactName;
  readonly value: string;
}

interface ApiNode {
  readonly inputs: JsonObject;
}

/** Names of inputs that tell each fact, the likeliest first. */
const NAMED: readonly (readonly [FactName, readonly string[]])[] = [
  ["seed", ["seed", "noise_seed"]],
  ["steps", ["steps"]],
  ["cfg", ["cfg", "guidance"]],
  ["sampler", ["sampler_name"]],
  ["model", ["ckpt_name", "unet_name", "model_name"]],
  ["lora", ["lora_name"]],
];
const TEXTS = ["text", "prompt", "clip_l", "t5xxl", "text_g", "value", "string"];

/**
 * Return the facts about a result.
 *
 * @param prompt The workflow in the API format.
 * @param node Id of the node that gave the result: only what it depends on counts.
 */
export function factsOf(prompt: JsonObject, node?: string): readonly Fact[] {
  const nodes = involved(prompt, node);
  const texts = [
    fact("prompt", textInto(prompt, nodes, "positive") ?? textInto(prompt, nodes, "conditioning")),
    fact("negative", textInto(prompt, nodes, "negative")),
  ];
  const named = NAMED.flatMap(([name, inputs]) => fact(name, valuesOf(nodes, inputs).join(", ") || null));
  return [...texts.flat(), ...named, ...fact("size", sizeOf(nodes))];
}

function fact(name: FactName, value: string | null): Fact[] {
  return value === null || value === "" ? [] : [{ name, value }];
}

const nodeOf = (prompt: JsonObject, id: string): ApiNode | null => {
  const node = prompt[id];
  return isObject(node) && isObject(node.inputs) ? { inputs: node.inputs } : null;
};

/** Return the node and all that it depends on, the nearest first; all nodes where none is named. */
function involved(prompt: JsonObject, node: string | undefined): readonly ApiNode[] {
  const start = node?.split(".")[0];
  const waiting = start !== undefined && start in prompt ? [start] : Object.keys(prompt);
  const seen = new Set(waiting);
  for (const id of seen) {
    for (const value of Object.values(nodeOf(prompt, id)?.inputs ?? {})) {
      const origin = originOf(value);
      if (origin !== null) seen.add(origin);
    }
  }
  return [...seen].flatMap((id) => nodeOf(prompt, id) ?? []);
}

function originOf(value: Json): string | null {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string" ? value[0] : null;
}

function valuesOf(nodes: readonly ApiNode[], names: readonly string[]): string[] {
  const found = new Set<string>();
  for (const { inputs } of nodes) {
    for (const name of names) {
      const value = inputs[name];
      const text = value === undefined ? null : plainText(value);
      if (text !== null) found.add(text);
    }
  }
  return [...found];
}

function plainText(value: Json): string | null {
  const whole = exactInteger(value);
  if (whole !== null) return whole.toString();
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

/** Return the text that reaches an input of that name, by whatever way. */
function textInto(prompt: JsonObject, nodes: readonly ApiNode[], name: string): string | null {
  for (const { inputs } of nodes) {
    const origin = originOf(inputs[name] ?? null);
    const text = origin === null ? null : textAbove(prompt, origin, new Set());
    if (text !== null) return text;
  }
  return null;
}

function textAbove(prompt: JsonObject, id: string, seen: Set<string>): string | null {
  const node = nodeOf(prompt, id);
  if (!node || seen.has(id)) return null;
  seen.add(id);
  const given = TEXTS.map((name) => node.inputs[name] ?? null);
  const passedOn = Object.entries(node.inputs)
    .filter(([name]) => /conditioning|positive|cond/.test(name))
    .map(([, value]) => value);
  for (const value of [...given, ...passedOn]) {
    const text = typeof value === "string" ? value.trim() : textFrom(prompt, value, seen);
    if (text) return text;
  }
  return null;
}

function textFrom(prompt: JsonObject, value: Json, seen: Set<string>): string | null {
  const origin = originOf(value);
  return origin === null ? null : textAbove(prompt, origin, seen);
}

function sizeOf(nodes: readonly ApiNode[]): string | null {
  const sized = nodes.find(
    ({ inputs }) => typeof inputs.width === "number" && typeof inputs.height === "number",
  );
  return sized ? `${sized.inputs.width} × ${sized.inputs.height}` : null;
}
