/**
 * Which widgets and results of a workflow its app shows.
 *
 * Kept in the workflow as ComfyUI's app mode keeps it (`extra.linearData`), so that either editor shows the
 * app of the other; labels and limits of sliders are kept beside it, where ComfyUI leaves them alone.
 */

import { extraOf, ownExtra, setExtra, setOwnExtra } from "@/document/extra";
import { isObject, type Json, type JsonObject, type RecordSource } from "@/document/records";
import type { Transaction } from "@/document/transaction";
import type { OpenDocument } from "./session";

/** A widget in the app. */
export interface PromotedInput {
  /** Ids of subgraph instances and the node, joined by `:`. */
  readonly path: string;
  readonly widget: string;
  /** What it is called in the app; its own name if left out. */
  readonly label?: string;
  /** Ends of its slider. */
  readonly min?: number;
  readonly max?: number;
  /** What ComfyUI keeps about it. */
  readonly more?: readonly Json[];
}

/** What an app shows. */
export interface AppChoice {
  readonly inputs: readonly PromotedInput[];
  /** Paths of the nodes whose results are shown. */
  readonly outputs: readonly string[];
}

const LINEAR = "linearData";
const OWN = "app";

const keyOf = ({ path, widget }: Pick<PromotedInput, "path" | "widget">): string => `${path} ${widget}`;

/** Node ids outside of subgraphs are numbers in the file, paths into them texts. */
const idOf = (path: string): Json => (/^\d+$/.test(path) ? Number(path) : path);

/** Return what a workflow's app shows, as its author chose; null where nobody chose. */
export function appChoice(records: RecordSource): AppChoice | null {
  const linear = extraOf(records, LINEAR);
  if (!isObject(linear)) return null;
  const own = ownExtra(records, OWN);
  const fields = isObject(own) ? own : {};
  const inputs = listOf(linear.inputs).flatMap((entry) => inputOf(entry, fields));
  const outputs = listOf(linear.outputs).map(String);
  return inputs.length + outputs.length > 0 ? { inputs, outputs } : null;
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function inputOf(entry: Json, fields: JsonObject): PromotedInput[] {
  const [id = null, widget, ...more] = listOf(entry);
  if (id === null || typeof widget !== "string") return [];
  const found = { path: String(id), widget };
  const field = fields[keyOf(found)];
  const { label, min, max } = isObject(field) ? field : {};
  return [
    {
      ...found,
      ...(typeof label === "string" && { label }),
      ...(typeof min === "number" && { min }),
      ...(typeof max === "number" && { max }),
      ...(more.length > 0 && { more }),
    },
  ];
}

function write(tx: Transaction, { inputs, outputs }: AppChoice): void {
  const before = extraOf(tx, LINEAR);
  const empty = inputs.length + outputs.length === 0;
  const linear: JsonObject = {
    ...(isObject(before) ? before : {}),
    inputs: inputs.map(({ path, widget, more = [] }) => [idOf(path), widget, ...more]),
    outputs: outputs.map(idOf),
  };
  setExtra(tx, LINEAR, empty ? undefined : linear);
  const fields = Object.fromEntries(inputs.flatMap((input) => fieldOf(input)));
  setOwnExtra(tx, OWN, Object.keys(fields).length > 0 ? fields : undefined);
}

function fieldOf(input: PromotedInput): [string, JsonObject][] {
  const { label, min, max } = input;
  const field: JsonObject = {
    ...(label !== undefined && { label }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
  return Object.keys(field).length > 0 ? [[keyOf(input), field]] : [];
}

const NOTHING: AppChoice = { inputs: [], outputs: [] };

/** Change what the app of a workflow shows; one step of undo. */
export function changeApp(
  document: OpenDocument,
  change: (choice: AppChoice) => AppChoice,
  merge = "",
): void {
  document.store.transact("app.change", (tx) => write(tx, change(appChoice(tx) ?? NOTHING)), merge);
}

/** Whether a widget is in the app because its author chose it. */
export function isPromoted(records: RecordSource, path: string, widget: string): boolean {
  return (appChoice(records)?.inputs ?? []).some((one) => one.path === path && one.widget === widget);
}

/** Put a widget into the app, or take it out; one step of undo. */
export function togglePromoted(document: OpenDocument, path: string, widget: string): void {
  const key = keyOf({ path, widget });
  changeApp(document, ({ inputs, outputs }) => {
    const others = inputs.filter((one) => keyOf(one) !== key);
    return { inputs: others.length < inputs.length ? others : [...inputs, { path, widget }], outputs };
  });
}

/** Show a node's results in the app, or no more; one step of undo. */
export function toggleOutput(document: OpenDocument, path: string): void {
  changeApp(document, ({ inputs, outputs }) => ({
    inputs,
    outputs: outputs.includes(path) ? outputs.filter((one) => one !== path) : [...outputs, path],
  }));
}

/** Move a widget of the app up (-1) or down (1); nothing happens at the ends. */
export function moveInput(document: OpenDocument, at: number, by: number): void {
  changeApp(document, ({ inputs, outputs }) => {
    const moved = [...inputs];
    const [input] = moved.splice(at, 1);
    if (input) moved.splice(Math.min(Math.max(at + by, 0), moved.length), 0, input);
    return { inputs: moved, outputs };
  });
}

/** Change the label or the limits of a widget of the app; undefined takes one away. */
export function amendInput(
  document: OpenDocument,
  at: number,
  change: {
    readonly label?: string | undefined;
    readonly min?: number | undefined;
    readonly max?: number | undefined;
  },
): void {
  const amended = (input: PromotedInput): PromotedInput => {
    const whole = { ...input, ...change };
    const kept = Object.entries(whole).filter(([, value]) => value !== undefined);
    return Object.fromEntries(kept) as unknown as PromotedInput;
  };
  changeApp(
    document,
    ({ inputs, outputs }) => ({
      inputs: inputs.map((one, place) => (place === at ? amended(one) : one)),
      outputs,
    }),
    `app:${at}:${Object.keys(change).join()}`,
  );
}
