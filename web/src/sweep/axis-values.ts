/** The values that an axis goes through. */

import type { Catalogue } from "@/catalogue/definitions";
import type { WidgetSlot } from "@/catalogue/slots";
import type { Records } from "@/document/diff";
import { ofInteger } from "@/document/exact-json";
import { nodeAt } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import { labelOf, openSlots } from "@/document/open-widgets";
import type { Json, NodeRecord } from "@/document/records";
import { nodeDefinitionOf } from "@/document/subgraphs";
import { widgetValue } from "@/document/values";
import type { Axis, AxisMode } from "@/editor/sweep-axes";
import { text } from "@/i18n/language";
import { readList } from "./value-list";

/** One value of an axis, and how it is written beside the grid. */
export interface AxisValue {
  readonly value: Json;
  readonly label: string;
}

/** An axis with what it stands for in the workflow. */
export interface ResolvedAxis {
  readonly axis: Axis;
  readonly node: NodeRecord | undefined;
  readonly slot: WidgetSlot | undefined;
  /** What the widget is called, with its node. */
  readonly name: string;
  readonly values: readonly AxisValue[];
  /** Why there are no values, in one sentence; null where there are some. */
  readonly problem: string | null;
}

/** Return how values of a kind of widget can be given, the usual one first. */
export function modesOf(slot: WidgetSlot | undefined): readonly AxisMode[] {
  switch (slot?.kind) {
    case "integer":
    case "number":
      return ["list"];
    case "text":
    case "multiline":
      return ["replace", "texts"];
    default:
      return ["choices"];
  }
}

/** Return what an axis stands for, and its values. */
export function resolveAxis(records: Records, catalogue: Catalogue, axis: Axis): ResolvedAxis {
  const node = nodeAt(records, axis.path);
  const definition = node && nodeDefinitionOf(records, catalogue, node.raw, node.scope);
  const slot = node && openSlots(definition, node.raw).find(({ name }) => name === axis.widget);
  if (!node || !slot) {
    return {
      axis,
      node,
      slot,
      name: axis.widget,
      values: [],
      problem: text("sweep.gone", { name: axis.widget }),
    };
  }
  const label = labelOf(node.raw, definition, slot.name);
  const title = titleOf(node.raw, definition);
  const name = label === title ? label : `${label} (${title})`;
  const modes = modesOf(slot);
  const mode = modes.includes(axis.mode) ? axis.mode : (modes[0] ?? "choices");
  const own = { ...axis, mode };
  return { axis: own, node, slot, name, ...valuesOf(own, slot, widgetValue(node.raw, slot)) };
}

type Found = Pick<ResolvedAxis, "values" | "problem">;

function valuesOf(axis: Axis, slot: WidgetSlot, now: Json): Found {
  switch (axis.mode) {
    case "list":
      return numbers(axis.text, slot);
    case "replace":
      return replaced(lines(axis.text), String(now));
    case "texts":
      return orNone(lines(axis.text).map((one) => ({ value: one, label: one })));
    case "choices":
      return orNone(axis.choices.map((value) => ({ value, label: String(value) })));
  }
}

/** Return values, each once. */
function orNone(values: readonly AxisValue[]): Found {
  const once = [...new Map(values.map((one) => [one.label, one])).values()];
  return { values: once, problem: once.length > 0 ? null : text("sweep.no-values") };
}

const lines = (given: string): string[] =>
  given
    .split("\n")
    .map((one) => one.trim())
    .filter((one) => one !== "");

function numbers(given: string, slot: WidgetSlot): Found {
  const { values, wrong } = readList(given);
  if (wrong !== null) return { values: [], problem: text("sweep.not-numbers", { part: wrong }) };
  const whole = slot.kind === "integer";
  const odd = whole ? values.find((value) => !/^-?\d+$/.test(value)) : undefined;
  if (odd !== undefined) return { values: [], problem: text("sweep.not-whole", { part: odd }) };
  return orNone(values.map((label) => ({ value: whole ? ofInteger(BigInt(label)) : Number(label), label })));
}

/** The first word is looked for in the text; each one, the first included, takes its place. */
function replaced(words: readonly string[], now: string): Found {
  const [sought] = words;
  if (sought === undefined) return { values: [], problem: text("sweep.no-values") };
  if (!now.includes(sought)) return { values: [], problem: text("sweep.not-in-text", { word: sought }) };
  return orNone(words.map((word) => ({ value: now.replaceAll(sought, word), label: word })));
}

/** Return the choices that a widget offers. */
export function offeredChoices(slot: WidgetSlot | undefined): readonly Json[] {
  if (slot?.kind === "toggle") return [true, false];
  return slot?.input?.choices ?? [];
}
