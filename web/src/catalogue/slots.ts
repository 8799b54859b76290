/** The widgets of a node, and where `widgets_values` has their values. */

import { isObject, type Json, type JsonObject, type RawNode } from "@/document/records";
import type { InputDefinition, NodeDefinition } from "./definitions";
import { AUTOGROW, isDynamic, shownSlots, slotsOf, writtenOut } from "./dynamic-inputs";
import { DYNAMIC_CHOICE } from "./object-info";

/**
 * The control that a value is set with; `control` says what becomes of a seed after a run, `other` is edited as
 * JSON.
 */
export type WidgetKind =
  | "integer"
  | "number"
  | "text"
  | "multiline"
  | "choice"
  | "toggle"
  | "control"
  | "filter"
  | "upload"
  | "color"
  | "other";

/** One place in `widgets_values`. */
export interface WidgetSlot {
  /** The input's name; of the editor's own widgets (control, filter, upload), the name of their input. */
  readonly name: string;
  readonly kind: WidgetKind;
  /** The input that it sets, or that it belongs to; undefined where the kind of node is not known. */
  readonly input?: InputDefinition;
  /** Its place in `widgets_values`; -1 where the node's list leaves it out. */
  readonly index: number;
  /** Whether its value reaches the node. The others are the editor's own. */
  readonly sent: boolean;
  /** A choice of several. */
  readonly multiple?: boolean;
}

/** What may become of a seed after a run. */
export const CONTROLS = ["fixed", "increment", "decrement", "randomize"] as const;

/** As `widgetType`: the input has a value, but what it is for is not known. */
export const UNKNOWN_WIDGET = "UNKNOWN";

const KINDS: Readonly<Record<string, WidgetKind>> = {
  [UNKNOWN_WIDGET]: "other",
  INT: "integer",
  FLOAT: "number",
  STRING: "text",
  MARKDOWN: "multiline",
  BOOLEAN: "toggle",
  COMBO: "choice",
  [DYNAMIC_CHOICE]: "choice",
  COLOR: "color",
};
/** Types of which the sockets are not shown unless asked for. */
const WITHOUT_SOCKET: ReadonlySet<string> = new Set([
  "BOUNDING_BOX",
  "BOUNDING_BOXES",
  "CAMERA_INFO_STATE",
  "COLOR",
  "COLORS",
  "CURVE",
  "IMAGECOMPARE",
  "RANGE",
  "RESOLUTION_PREVIEW",
  "VIDEO_EDIT",
]);
const SEED_NAMES: ReadonlySet<string> = new Set(["seed", "noise_seed"]);
/** Options that bring upload buttons, and how many. */
const UPLOADS = { image_upload: 1, animated_image_upload: 1, video_upload: 1, audio_upload: 2 } as const;

function widgetType(input: InputDefinition): string {
  const { widgetType } = input.options;
  return typeof widgetType === "string" ? widgetType : Array.isArray(widgetType) ? "COMBO" : input.type;
}

/** Tell whether an input has a widget: its value can be given without a link. */
export function hasWidget(input: InputDefinition): boolean {
  if (input.options.forceInput === true) return false;
  const type = widgetType(input);
  return type in KINDS || WITHOUT_SOCKET.has(type);
}

/** Tell whether something can be joined to an input. */
export function acceptsValueOf(input: InputDefinition): boolean {
  const { socketless } = input.options;
  if (typeof socketless === "boolean") return !socketless;
  return !WITHOUT_SOCKET.has(widgetType(input));
}

/** Return the kind of widget of an input. */
function widgetKind(input: InputDefinition): WidgetKind {
  const kind = KINDS[widgetType(input)] ?? "other";
  if (kind === "text" && input.options.multiline === true) return "multiline";
  if (kind === "integer" && input.options.display === "color") return "color";
  return kind;
}

function hasControl(input: InputDefinition): boolean {
  const asked = input.options.control_after_generate;
  if (input.type === "INT") return Boolean(asked ?? SEED_NAMES.has(input.name));
  return (input.type === "COMBO" || input.type === "FLOAT") && Boolean(asked);
}

/** Return the value that a widget starts with. */
export function defaultOf(slot: WidgetSlot): Json {
  const { input, kind } = slot;
  if (kind === "control") return controlDefault(input);
  if (kind === "filter") return "";
  if (kind === "upload") return "image";
  if (!input) return null;
  if (input.options.default !== undefined) return input.options.default;
  return BLANK[kind] ?? (slot.multiple ? [] : (input.choices?.[0] ?? null));
}

const BLANK: Partial<Record<WidgetKind, Json>> = {
  integer: 0,
  number: 0,
  text: "",
  multiline: "",
  toggle: false,
};

function controlDefault(input: InputDefinition | undefined): Json {
  const asked = input?.options.control_after_generate;
  // Any other text is what the widget is called.
  if (typeof asked === "string" && isControl(asked)) return asked;
  return input?.type === "FLOAT" ? "fixed" : "randomize";
}

const lists = new WeakMap<WidgetSlot, Slots>();

/** Return the widgets of the node that come before a widget in `widgets_values`. */
export function slotsBefore(slot: WidgetSlot): Slots {
  const slots = lists.get(slot) ?? [];
  return slots.slice(0, slots.indexOf(slot));
}

/** Tell whether no other widget of its kind comes behind a widget in `widgets_values`. */
export function isLastOfKind(slot: WidgetSlot): boolean {
  return (lists.get(slot) ?? [slot]).findLast(({ kind }) => kind === slot.kind) === slot;
}

const cache = new WeakMap<
  NodeDefinition,
  { byKey: WeakMap<object, Slots>; bySignature: Map<string, Slots> }
>();
type Slots = readonly WidgetSlot[];

/**
 * Return the widgets of a node in the order of `widgets_values`; the same list, as long as it says the same.
 *
 * @param definition Undefined where the kind of node is not known: then each value is of kind `other`.
 * @param raw Its values decide about inputs that depend on a choice, and about widgets that old files lack.
 */
export function widgetSlots(definition: NodeDefinition | undefined, raw: RawNode): Slots {
  if (!definition) return slotsOfUnknown(raw);
  const known = cache.get(definition) ?? { byKey: new WeakMap(), bySignature: new Map() };
  cache.set(definition, known);
  const grows = definition.inputs.some(isDynamic);
  const key = grows || !isRecordLike(raw.widgets_values) ? raw : raw.widgets_values;
  const before = known.byKey.get(key);
  if (before) return before;
  const found = definition.subgraph ? slotsOfInstance(definition) : [...listSlots(definition.inputs, raw)];
  const signature = found.map(({ name, kind, index }) => `${name}:${kind}:${index}`).join();
  const slots = known.bySignature.get(signature) ?? found;
  known.bySignature.set(signature, slots);
  for (const slot of slots) lists.set(slot, slots);
  known.byKey.set(key, slots);
  return slots;
}

/** Instances of subgraphs have the values of their widgets, and nothing of the editor's own. */
function slotsOfInstance({ inputs }: NodeDefinition): WidgetSlot[] {
  return inputs
    .filter(hasWidget)
    .flatMap((input) => [...slotsOfInput(input)].slice(0, 1))
    .map((slot, index) => ({ ...slot, index }));
}

function isRecordLike(value: Json | undefined): value is readonly Json[] | JsonObject {
  return typeof value === "object" && value !== null;
}

const unknownSlots = new WeakMap<RawNode, Slots>();

function slotsOfUnknown(raw: RawNode): Slots {
  const values = raw.widgets_values;
  if (!isRecordLike(values)) return [];
  const before = unknownSlots.get(raw);
  if (before) return before;
  const names = Array.isArray(values) ? guessedNames(raw, values) : Object.keys(values);
  const slots = names.map((name, index): WidgetSlot => ({ name, kind: "other", index, sent: true }));
  unknownSlots.set(raw, slots);
  return slots;
}

/** Values of unknown kinds have the names of the sockets that stand for widgets, where each has one. */
function guessedNames(raw: RawNode, values: readonly Json[]): string[] {
  const sockets = (raw.inputs ?? []).flatMap(({ widget }) => (widget ? [widget.name] : []));
  const places = values.flatMap((value, at) => (isControl(value) && typeof value === "string" ? [] : [at]));
  const names = values.map((_, at) => String(at));
  if (sockets.length === places.length) {
    sockets.forEach((name, at) => {
      names[places[at] ?? 0] = name;
    });
  }
  return names;
}

function* listSlots(inputs: readonly InputDefinition[], raw: RawNode): Generator<WidgetSlot> {
  const values: readonly Json[] | undefined = Array.isArray(raw.widgets_values)
    ? raw.widgets_values
    : undefined;
  const named = new Map<string, Json>(isObject(raw.widgets_values) ? Object.entries(raw.widgets_values) : []);
  const places = placesWithoutForced(inputs, values);
  const hidden = hiddenGrowth(inputs, raw);
  let position = 0;
  for (const slot of allSlots(inputs, named)) {
    const index = places[position] ?? position - places.length + (values?.length ?? 0);
    const value = values?.[index];
    if (
      slot.kind === "control" &&
      value !== undefined &&
      !isControl(value) &&
      lacksControls(inputs, named, places.length)
    ) {
      yield { ...slot, index: -1 };
      continue;
    }
    position += 1;
    if (slot.sent && value !== undefined && value !== null) named.set(slot.name, value);
    if (!hidden.has(slot.name)) yield { ...slot, index };
  }
}

type Place = Omit<WidgetSlot, "index">;

function* allSlots(inputs: readonly InputDefinition[], values: ReadonlyMap<string, Json>): Generator<Place> {
  const uploads: Place[] = [];
  for (const input of writtenOut(inputs, values)) {
    if (!hasWidget(input)) continue;
    yield* slotsOfInput(input);
    const upload: Place = { name: input.name, kind: "upload", input, sent: false };
    uploads.push(...Array.from({ length: uploadButtons(input) }, () => upload));
  }
  yield* uploads;
}

function* slotsOfInput(input: InputDefinition): Generator<Place> {
  const { name } = input;
  const multiple = input.options.multiselect === true || isObject(input.options.multi_select);
  yield { name, kind: widgetKind(input), input, sent: true, ...(multiple && { multiple }) };
  if (!hasControl(input)) return;
  yield { name, kind: "control", input, sent: false };
  if (input.type === "COMBO") yield { name, kind: "filter", input, sent: false };
}

function uploadButtons({ options }: InputDefinition): number {
  return Object.entries(UPLOADS).reduce((sum, [option, count]) => sum + (options[option] ? count : 0), 0);
}

function isControl(value: Json | undefined): boolean {
  return typeof value === "boolean" || value === "increment-wrap" || CONTROLS.some((one) => one === value);
}

/** Old files lack the slots of controls: their lists are no longer than the other widgets need. */
function lacksControls(
  inputs: readonly InputDefinition[],
  named: ReadonlyMap<string, Json>,
  count: number,
): boolean {
  let needed = 0;
  for (const { kind } of allSlots(inputs, named)) if (kind !== "control") needed += 1;
  return count <= needed;
}

/** Old files have slots for inputs that have no widget; return the places of the others. */
function placesWithoutForced(inputs: readonly InputDefinition[], values: readonly Json[] = []): number[] {
  const forced: boolean[] = [];
  for (const input of inputs) {
    const shown = hasWidget(input);
    if (!shown && input.options.forceInput !== true) continue;
    forced.push(!shown);
    if (hasControl(input)) forced.push(false);
  }
  const all = values.map((_, at) => at);
  return forced.length === values.length ? all.filter((at) => !forced[at]) : all;
}

/** Names of slots of growing inputs that a node does not show yet. */
function hiddenGrowth(inputs: readonly InputDefinition[], raw: RawNode): ReadonlySet<string> {
  const names = inputs
    .filter((input) => input.type === AUTOGROW)
    .flatMap((input) => {
      const slots = slotsOf(input);
      return slots.slice(shownSlots(input, slots, raw)).map(({ name }) => name);
    });
  return new Set(names);
}

/** Return the inputs of a node, those that depend on its values written out. */
export function inputsOf(definition: NodeDefinition, raw: RawNode): readonly InputDefinition[] {
  if (!definition.inputs.some(isDynamic)) return definition.inputs;
  const values = new Map<string, Json>();
  const list = raw.widgets_values;
  for (const slot of widgetSlots(definition, raw)) {
    const value = Array.isArray(list) ? list[slot.index] : isObject(list) ? list[slot.name] : undefined;
    if (slot.sent && value !== undefined && value !== null) values.set(slot.name, value as Json);
  }
  const hidden = hiddenGrowth(definition.inputs, raw);
  return [...writtenOut(definition.inputs, values)].filter(({ name }) => !hidden.has(name));
}

/** Return an input of a node by its name, or undefined where it has none of that name. */
export function inputNamed(
  definition: NodeDefinition,
  raw: RawNode,
  name: string,
): InputDefinition | undefined {
  return inputsOf(definition, raw).find((input) => input.name === name);
}
