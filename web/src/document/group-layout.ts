/**
 * Group nodes: what older files have in the place of subgraphs. Their definitions lie in `extra.groupNodes`, and
 * sockets and values of their instances stand in an order that follows from the nodes inside.
 */

import type { InputDefinition, NodeDefinition } from "@/catalogue/definitions";
import { acceptsValueOf, hasWidget, inputsOf, type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import { extraOf } from "./extra";
import { isObject, type Json, type JsonObject, type RawNode, type RecordSource } from "./records";
import { unlinked } from "./unlinked";

const PREFIX = /^workflow[>/]/;

/** A link inside a group: places of the nodes and their slots. */
export interface GroupLink {
  readonly origin: number;
  readonly originSlot: number;
  readonly target: number;
  readonly targetSlot: number;
  readonly type: Json;
}

/** What is inside a group node; nodes are meant by their places. */
export interface Group {
  readonly name: string;
  readonly nodes: readonly RawNode[];
  readonly links: readonly GroupLink[];
  /** Outputs that lead out although something inside is joined to them: `node:slot`. */
  readonly external: ReadonlySet<string>;
  readonly config: JsonObject;
}

/** Return the name of the group that a group node is an instance of. */
export const groupName = ({ type }: RawNode): string => type.replace(PREFIX, "");

/** Return what is inside a group node; undefined where a node is none, or its file does not tell. */
export function groupOf(records: RecordSource, node: RawNode): Group | undefined {
  const groups = PREFIX.test(node.type) ? extraOf(records, "groupNodes") : undefined;
  const name = groupName(node);
  const raw = isObject(groups) ? groups[name] : undefined;
  if (!isObject(raw) || !Array.isArray(raw.nodes) || !raw.nodes.every(isNode)) return undefined;
  // Links that its nodes had where they came from mean nothing here.
  const nodes = (raw.nodes as readonly RawNode[]).map((node, id) => unlinked({ ...node, id }));
  const external = listOf(raw.external).filter((one) => Array.isArray(one));
  return {
    name,
    nodes,
    links: listOf(raw.links).flatMap(readLink),
    external: new Set(external.map(([node, slot]) => `${node}:${slot}`)),
    config: isObject(raw.config) ? raw.config : {},
  };
}

/** Tell whether a node is a group node of which the file tells what is inside. */
export const isGroupNode = (records: RecordSource, raw: RawNode): boolean =>
  groupOf(records, raw) !== undefined;

const isNode = (raw: Json): boolean => isObject(raw) && typeof raw.type === "string";

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function readLink(raw: Json): GroupLink[] {
  const [origin, originSlot, target, targetSlot, , type = "*"] = listOf(raw);
  const ends = [origin, originSlot, target, targetSlot];
  if (!ends.every((end) => typeof end === "number")) return [];
  const [a = 0, b = 0, c = 0, d = 0] = ends;
  return [{ origin: a, originSlot: b, target: c, targetSlot: d, type }];
}

/** A socket of a group node: what it is called there, and which one inside it stands for. */
export interface GroupSocket {
  readonly name: string;
  readonly type: Json;
  readonly node: number;
  /** Name of the input inside, or the place of the output. */
  readonly inner: string;
  readonly slot: number;
}

/** A place in the values of a group node, and the widget inside that it belongs to. */
export interface GroupValue {
  /** What the widget is called at the group node. */
  readonly name: string;
  readonly node: number;
  readonly slot: WidgetSlot;
  /** Whether the group node shows the widget; it has the value of a hidden one all the same. */
  readonly shown: boolean;
}

/** In which order a group node has its sockets and values. */
export interface GroupLayout {
  readonly inputs: readonly GroupSocket[];
  readonly outputs: readonly GroupSocket[];
  readonly values: readonly GroupValue[];
}

type DefinitionOf = (node: RawNode) => NodeDefinition | undefined;

/** Return in which order the instances of a group have their sockets and values. */
export function layoutOf(group: Group, definitionOf: DefinitionOf): GroupLayout {
  const reader = new LayoutReader(group, definitionOf);
  for (const [at, node] of group.nodes.entries()) reader.read(node, at);
  const inputs = [...reader.inputs, ...reader.converted];
  return { inputs, outputs: reader.outputs, values: reader.values };
}

class LayoutReader {
  readonly inputs: GroupSocket[] = [];
  /** Widgets that were made sockets: they come after all others. */
  readonly converted: GroupSocket[] = [];
  readonly outputs: GroupSocket[] = [];
  readonly values: GroupValue[] = [];
  #names = new Map<string, number>();
  #taken: ReadonlySet<string>;
  #used: ReadonlySet<string>;

  constructor(
    readonly group: Group,
    readonly definitionOf: DefinitionOf,
  ) {
    this.#taken = new Set(group.links.map(({ target, targetSlot }) => `${target}:${targetSlot}`));
    this.#used = new Set(group.links.map(({ origin, originSlot }) => `${origin}:${originSlot}`));
  }

  read(node: RawNode, at: number): void {
    const definition = this.definitionOf(node);
    const slots = widgetSlots(definition, node);
    if (!definition) {
      this.values.push(...slots.map((slot) => ({ name: slot.name, node: at, slot, shown: true })));
    }
    const sockets: InputDefinition[] = [];
    for (const input of definition ? inputsOf(definition, node) : unknownInputs(node)) {
      if (!hasWidget(input)) {
        if (acceptsValueOf(input)) sockets.push(input);
        continue;
      }
      const own = slots.filter(({ name }) => name === input.name);
      if (isConverted(node, input.name)) this.#addInput(this.converted, node, at, input);
      else {
        const name = this.#nameOf(node, at, input.name);
        const shown = this.#setting(at, "input", input.name).visible !== false;
        this.values.push(...own.map((slot) => ({ name, node: at, slot, shown })));
      }
    }
    for (const input of sockets) this.#addInput(this.inputs, node, at, input);
    this.#addOutputs(node, at);
  }

  #addInput(list: GroupSocket[], node: RawNode, at: number, { name, type }: InputDefinition): void {
    const slot = (node.inputs ?? []).findIndex((one) => one.name === name);
    if (slot >= 0 && this.#taken.has(`${at}:${slot}`)) return;
    const called = this.#nameOf(node, at, name === "" ? type : name);
    if (this.#setting(at, "input", name).visible === false) return;
    list.push({ name: called, type, node: at, inner: name, slot });
  }

  #addOutputs(node: RawNode, at: number): void {
    (node.outputs ?? []).forEach((output, slot) => {
      const { visible } = this.#setting(at, "output", String(slot));
      const key = `${at}:${slot}`;
      const isInner = this.#used.has(key) && !this.group.external.has(key);
      if (visible === false || (visible === undefined && isInner)) return;
      this.outputs.push({ name: output.name, type: output.type, node: at, inner: String(slot), slot });
    });
  }

  /** Return the name that an input has at the group: one that an earlier one has gets that of its node before it. */
  #nameOf(node: RawNode, at: number, input: string): string {
    const given = this.#setting(at, "input", input).name;
    const label = (node.inputs ?? []).find(({ name }) => name === input)?.label;
    let name = typeof given === "string" ? given : (label ?? input);
    if ((node.type === "PrimitiveNode" && node.title) || this.#names.has(name)) {
      const prefix = `${node.title ?? node.type} `;
      const count = this.#names.get(`${prefix}${input}`);
      name = count === undefined ? `${prefix}${input}` : `${prefix}${count} ${input}`;
    }
    this.#names.set(name, (this.#names.get(name) ?? 1) + 1);
    return name;
  }

  #setting(at: number, side: "input" | "output", name: string): JsonObject {
    const node = this.group.config[String(at)];
    const settings = isObject(node) ? node[side] : undefined;
    const setting = isObject(settings) ? settings[name] : undefined;
    return isObject(setting) ? setting : {};
  }
}

const isConverted = (node: RawNode, name: string): boolean =>
  (node.inputs ?? []).some((input) => input.name === name && input.widget?.name === name);

/** Of a kind that nobody knows, the sockets count that the file has. */
function unknownInputs(node: RawNode): InputDefinition[] {
  return (node.inputs ?? []).map(({ name, type }) => ({
    name,
    type: typeof type === "string" ? type : "COMBO",
    options: { forceInput: true },
    required: false,
  }));
}
