/** What becomes of seeds and choices that change with each run, as their control says. */

import type { WidgetSlot } from "@/catalogue/slots";
import { widgetSlots } from "@/catalogue/slots";
import { useCatalogue } from "@/catalogue/state";
import { ofInteger } from "@/document/exact-json";
import { setSharedValue } from "@/document/primitives";
import type { Json, JsonObject, NodeRecord, RawNode } from "@/document/records";
import { MODE } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { nodeDefinitionOf } from "@/document/subgraphs";
import { widgetValue } from "@/document/values";
import { randomReal, realRule } from "@/values/real-number";
import { randomSeed } from "@/values/seed";
import { settleWhole, wholeOf, wholeRange } from "@/values/whole-number";

/** A widget that gets another value. */
interface Turn {
  readonly node: NodeRecord;
  readonly slot: WidgetSlot;
  readonly value: Json;
}

/**
 * Give the widgets of a document that have a control their next values. Nodes that do not run, and widgets
 * that a link decides about, keep theirs. It belongs to the step of undo before it.
 */
export function turnControls(store: DocumentStore): void {
  const turns = [...store.records.values()].flatMap((record) =>
    record.kind === "node" && (record.raw.mode ?? 0) === MODE.always ? turnsOf(store, record) : [],
  );
  if (turns.length === 0) return;
  store.follow((tx) => {
    const { catalogue } = useCatalogue.getState();
    for (const { node, slot, value } of turns) {
      setSharedValue(tx, { scope: node.scope, id: node.raw.id, slot }, value, catalogue);
    }
  });
}

function turnsOf(store: DocumentStore, node: NodeRecord): Turn[] {
  const { catalogue } = useCatalogue.getState();
  const definition = nodeDefinitionOf(store.records, catalogue, node.raw, node.scope);
  if (!definition) return [];
  const slots = widgetSlots(definition, node.raw);
  return slots.flatMap((control) => {
    if (control.kind !== "control") return [];
    const slot = slots.find((one) => one.name === control.name && one.sent);
    if (!slot?.input || isLinked(node.raw, slot.name)) return [];
    const before = widgetValue(node.raw, slot);
    const value = nextValue(slot, before, widgetValue(node.raw, control), filterOf(node.raw, slots, slot));
    return value === before ? [] : [{ node, slot, value }];
  });
}

function isLinked(raw: RawNode, name: string): boolean {
  const input = (raw.inputs ?? []).find((one) => one.widget?.name === name || one.name === name);
  return input?.link !== undefined && input.link !== null;
}

function filterOf(raw: RawNode, slots: readonly WidgetSlot[], slot: WidgetSlot): string {
  const filter = slots.find((one) => one.kind === "filter" && one.name === slot.name);
  const value = filter && widgetValue(raw, filter);
  return typeof value === "string" ? value : "";
}

/**
 * Return the value that comes after one.
 *
 * @param control `fixed`, `increment`, `increment-wrap`, `decrement` or `randomize`.
 * @param filter Of choices only those that have it in them count; `/.../` is a regular expression.
 */
export function nextValue(slot: WidgetSlot, value: Json, control: Json, filter = ""): Json {
  if (slot.input?.choices) return nextChoice(slot.input.choices, value, control, filter);
  const options = slot.input?.options ?? {};
  if (slot.kind === "number") return nextReal(options, value, control);
  const range = wholeRange(options);
  const steps: Readonly<Record<string, bigint>> = { increment: 1n, "increment-wrap": 1n, decrement: -1n };
  if (control === "randomize") return randomSeed(options);
  const step = typeof control === "string" ? steps[control] : undefined;
  return step === undefined ? value : ofInteger(settleWhole(wholeOf(value) + step * range.step, range));
}

function nextReal(options: JsonObject, value: Json, control: Json): Json {
  if (control === "randomize") return randomReal(options);
  const steps: Readonly<Record<string, number>> = { increment: 1, decrement: -1 };
  const step = typeof control === "string" ? steps[control] : undefined;
  return step === undefined ? value : realRule(options).move(value, step);
}

function nextChoice(choices: readonly Json[], value: Json, control: Json, filter: string): Json {
  const fits = choices.filter((choice) => matches(String(choice), filter));
  if (fits.length === 0) return value;
  const place = fits.indexOf(value);
  const last = fits.length - 1;
  switch (control) {
    case "increment":
      return fits[Math.min(place + 1, last)] ?? value;
    case "increment-wrap":
      return fits[(place + 1) % fits.length] ?? value;
    case "decrement":
      return fits[Math.max(place - 1, 0)] ?? value;
    case "randomize":
      return fits[Math.floor(Math.random() * fits.length)] ?? value;
    default:
      return value;
  }
}

function matches(choice: string, filter: string): boolean {
  const expression = /^\/(.*)\/([gimsuy]*)$/.exec(filter);
  if (!expression) return choice.toLowerCase().includes(filter.toLowerCase());
  try {
    return new RegExp(expression[1] ?? "", expression[2]).test(choice);
  } catch {
    return false;
  }
}
