/**
 * Inputs that depend on other inputs, written out as the plain inputs that they stand for: a choice that
 * brings inputs of its own (`how`, then `how.factor`), and an input that grows (`images.image0`, ...).
 */

import { isObject, type Json, type JsonObject, type RawNode } from "@/document/records";
import type { InputDefinition } from "./definitions";
import { DYNAMIC_CHOICE, readInputs } from "./object-info";

/** The type of an input that grows by one slot whenever its last one is taken. */
export const AUTOGROW = "COMFY_AUTOGROW_V3";
/** Most slots that one growing input can have. */
const MOST_SLOTS = 100;
const MOST_NESTED = 16;

/** Tell whether inputs look different on different nodes. */
export function isDynamic(input: InputDefinition): boolean {
  return input.type === DYNAMIC_CHOICE || input.type === AUTOGROW;
}

/**
 * Yield the inputs of a node in order, those that depend on a choice after the choice.
 *
 * @param inputs As declared.
 * @param values Values by full name, read as the iteration goes on, so that whoever fills them while
 *   iterating gets what depends on them.
 */
export function* writtenOut(
  inputs: readonly InputDefinition[],
  values: ReadonlyMap<string, Json>,
  depth = 0,
): Generator<InputDefinition> {
  for (const input of inputs) {
    if (input.type === AUTOGROW) {
      yield* slotsOf(input);
      continue;
    }
    yield input;
    if (input.type === DYNAMIC_CHOICE && depth < MOST_NESTED) {
      const chosen = values.get(input.name) ?? firstChoice(input);
      yield* writtenOut(broughtBy(input, chosen), values, depth + 1);
    }
  }
}

function firstChoice(input: InputDefinition): Json | undefined {
  return input.options.default ?? input.choices?.[0];
}

function broughtBy(input: InputDefinition, key: Json | undefined): InputDefinition[] {
  const options = Array.isArray(input.options.options) ? (input.options.options as readonly Json[]) : [];
  const option = options.find((one) => isObject(one) && one.key === key);
  return nested(input, isObject(option) ? option.inputs : undefined);
}

function nested(owner: InputDefinition, sections: Json | undefined): InputDefinition[] {
  return readInputs(sections).map((input) => ({
    ...input,
    name: `${owner.name}.${input.name}`,
    required: input.required && owner.required,
  }));
}

/** Return all slots that a growing input can have; the first `min` of them are required. */
export function slotsOf(input: InputDefinition): InputDefinition[] {
  const template: JsonObject = isObject(input.options.template) ? input.options.template : {};
  const [inner] = readInputs(template.input);
  if (!inner) return [];
  const least = typeof template.min === "number" ? template.min : 1;
  const { tooltip } = input.options;
  const options =
    tooltip !== undefined && inner.options.tooltip === undefined
      ? { ...inner.options, tooltip }
      : inner.options;
  return slotNames(template, inner.name).map((name, at) => ({
    ...inner,
    options,
    name: `${input.name}.${name}`,
    required: at < least && inner.required && input.required,
  }));
}

function slotNames(template: JsonObject, inner: string): string[] {
  if (Array.isArray(template.names)) return template.names.map(String);
  const most = Math.min(typeof template.max === "number" ? template.max : MOST_SLOTS, MOST_SLOTS);
  const prefix = typeof template.prefix === "string" ? template.prefix : inner;
  return Array.from({ length: most }, (_, at) => `${prefix}${at}`);
}

/** Return how many slots of a growing input a node shows: those in use, and one more that is free. */
export function shownSlots(input: InputDefinition, slots: readonly InputDefinition[], raw: RawNode): number {
  const template: JsonObject = isObject(input.options.template) ? input.options.template : {};
  const least = typeof template.min === "number" ? template.min : 1;
  const linked = new Set(
    (raw.inputs ?? []).filter((one) => one.link !== null && one.link !== undefined).map((one) => one.name),
  );
  const last = slots.reduce((most, slot, at) => (linked.has(slot.name) ? at : most), -1);
  return Math.min(slots.length, Math.max(least, last + 2, 1));
}
