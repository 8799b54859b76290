/** The sockets of a node: those that its file has, and those that its kind declares besides. */

import type { FileId, Json, RawInput, RawNode } from "@/document/records";
import type { InputDefinition, NodeDefinition, OutputDefinition } from "./definitions";
import { acceptsValueOf, hasWidget, inputsOf } from "./slots";

/** A socket at the left of a node. */
export interface InputSocket {
  readonly name: string;
  /** What to call it. */
  readonly label: string;
  readonly type: Json;
  /** Its place in the node's `inputs`, which links count by; -1 where the file has none yet. */
  readonly slot: number;
  readonly link: FileId | null;
  /** Name of the widget that it stands for; null for a socket of its own. */
  readonly widget: string | null;
  readonly required: boolean;
  readonly definition: InputDefinition | undefined;
}

/** A socket at the right of a node. */
export interface OutputSocket {
  readonly name: string;
  readonly label: string;
  readonly type: Json;
  /** Its place in the node's `outputs`; -1 where the file has none yet. */
  readonly slot: number;
  readonly links: readonly FileId[];
  readonly isList: boolean;
  readonly definition: OutputDefinition | undefined;
}

/** The sockets of a node, from top to bottom. */
export interface NodeSockets {
  readonly inputs: readonly InputSocket[];
  readonly outputs: readonly OutputSocket[];
}

const cache = new WeakMap<object, WeakMap<RawNode, NodeSockets>>();
const UNKNOWN = {};

/** Return the sockets of a node; the same object for the same definition and node. */
export function sockets(definition: NodeDefinition | undefined, raw: RawNode): NodeSockets {
  const key = definition ?? UNKNOWN;
  const known = cache.get(key) ?? new WeakMap<RawNode, NodeSockets>();
  cache.set(key, known);
  const found = known.get(raw) ?? {
    inputs: inputSockets(definition, raw),
    outputs: outputSockets(definition, raw),
  };
  known.set(raw, found);
  return found;
}

function inputSockets(definition: NodeDefinition | undefined, raw: RawNode): InputSocket[] {
  const declared = definition ? inputsOf(definition, raw) : [];
  const byName = new Map(declared.map((input) => [input.name, input]));
  const found = (raw.inputs ?? []).map((input, slot): InputSocket => {
    const name = input.widget?.name ?? input.name;
    const known = byName.get(name);
    byName.delete(name);
    const isWidget = input.widget !== undefined && input.widget !== null;
    return {
      name: input.name,
      label: labelOf(input, known),
      type: input.type,
      slot,
      link: input.link ?? null,
      widget: isWidget || (known && hasWidget(known)) ? name : null,
      required: known?.required ?? false,
      definition: known,
    };
  });
  return [...found, ...[...byName.values()].filter(acceptsValueOf).map(missing)];
}

function labelOf(input: RawInput, known: InputDefinition | undefined): string {
  const shown = input.label ?? known?.options.label ?? known?.options.display_name ?? input.localized_name;
  return typeof shown === "string" && shown !== "" ? shown : input.name;
}

function missing(definition: InputDefinition): InputSocket {
  const { name, type, required, options } = definition;
  const shown = options.label ?? options.display_name;
  return {
    name,
    label: typeof shown === "string" && shown !== "" ? shown : name,
    type,
    slot: -1,
    link: null,
    widget: hasWidget(definition) ? name : null,
    required,
    definition,
  };
}

function outputSockets(definition: NodeDefinition | undefined, raw: RawNode): OutputSocket[] {
  const declared = definition?.outputs ?? [];
  const given = raw.outputs ?? [];
  const found = given.map(
    (output, slot): OutputSocket => ({
      name: output.name,
      label:
        output.label || (typeof output.localized_name === "string" && output.localized_name) || output.name,
      type: declared[slot]?.freeType === output.type ? declared[slot].type : output.type,
      slot,
      links: output.links ?? [],
      isList: declared[slot]?.isList ?? false,
      definition: declared[slot],
    }),
  );
  const more = declared.slice(given.length).map(
    (output): OutputSocket => ({
      name: output.name,
      label: output.name,
      type: output.type,
      slot: -1,
      links: [],
      isList: output.isList,
      definition: output,
    }),
  );
  return [...found, ...more];
}
