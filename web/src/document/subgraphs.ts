/** Subgraphs: what a definition takes and gives, and what its instances look like. */

import type { Catalogue, InputDefinition, NodeDefinition } from "@/catalogue/definitions";
import { hasWidget, inputNamed, UNKNOWN_WIDGET, widgetSlots } from "@/catalogue/slots";
import { MARKDOWN_NOTE, NOTE, primitiveOf, REROUTE, rerouteOf } from "@/catalogue/virtual-kinds";
import { groupDefinition } from "./group-definition";
import { isGroupNode } from "./group-layout";
import {
  type DocumentRecord,
  type FileId,
  isObject,
  type Json,
  type JsonObject,
  linkOf,
  type NodeRecord,
  nodeId,
  type RawNode,
  type RecordId,
  type RecordSource,
  ROOT,
  type Scope,
  type SheetRecord,
  sheetOf,
} from "./records";
import { definitionsOf } from "./subgraph-definitions";
import { widgetValue } from "./values";

/** An input or output of a subgraph, as its definition's JSON has it. */
export interface SubgraphPort {
  readonly name: string;
  readonly label?: string;
  readonly type: Json;
  readonly linkIds: readonly FileId[];
}

/** Return the definition that a node is an instance of, or undefined where it is none. */
export function subgraphOf(records: RecordSource, raw: RawNode): SheetRecord | undefined {
  return raw.type === ROOT ? undefined : sheetOf(records, raw.type);
}

/** Return the inputs of a subgraph; links inside count by the places here. */
export const subgraphInputs = (sheet: SheetRecord): readonly SubgraphPort[] => readPorts(sheet.rest.inputs);

/** Return the outputs of a subgraph; so do the `outputs` of its instances, place by place. */
export const subgraphOutputs = (sheet: SheetRecord): readonly SubgraphPort[] => readPorts(sheet.rest.outputs);

const ports = new WeakMap<object, readonly SubgraphPort[]>();

function readPorts(value: Json | undefined): readonly SubgraphPort[] {
  if (!Array.isArray(value)) return [];
  const known = ports.get(value) ?? (value as readonly Json[]).filter(isObject).map(readPort);
  ports.set(value, known);
  return known;
}

function readPort(raw: JsonObject): SubgraphPort {
  const name = typeof raw.name === "string" ? raw.name : "";
  const linkIds = Array.isArray(raw.linkIds) ? (raw.linkIds as readonly FileId[]) : [];
  const port = { name, type: raw.type ?? "*", linkIds };
  return typeof raw.label === "string" && raw.label !== "" ? { ...port, label: raw.label } : port;
}

/** Return all instances of a subgraph, on whatever sheet they stand. */
export function instancesOf(records: RecordSource, subgraph: Scope): NodeRecord[] {
  return [ROOT, ...definitionsOf(records)].flatMap((scope) => {
    const nodes = (sheetOf(records, scope)?.nodes ?? []).map((id) => records.get(id));
    return nodes.filter((node) => node?.kind === "node").filter(({ raw }) => raw.type === subgraph);
  });
}

/**
 * Return what is known about the kind of a node: of the server's kinds, of subgraphs, and of the kinds that
 * only the editor has. Undefined where nothing is. The same object as long as nothing changed.
 *
 * @param scope The sheet that the node stands on.
 */
export function nodeDefinitionOf(
  records: RecordSource,
  catalogue: Catalogue,
  raw: RawNode,
  scope: Scope = ROOT,
): NodeDefinition | undefined {
  const known = catalogue.get(raw.type);
  if (known && !known.virtual) return known;
  const sheet = subgraphOf(records, raw);
  if (sheet) return instanceDefinition(records, catalogue, raw, sheet, new Set([sheet.scope]));
  switch (raw.type) {
    case REROUTE.type:
      return rerouteOf(raw);
    case NOTE.type:
      return NOTE;
    case MARKDOWN_NOTE.type:
      return MARKDOWN_NOTE;
    case "PrimitiveNode":
      return primitiveOf(raw, joinedInput(records, catalogue, raw, scope));
    default:
      return isGroupNode(records, raw)
        ? groupDefinition(records, catalogue, raw, (inner) =>
            nodeDefinitionOf(records, catalogue, inner, scope),
          )
        : undefined;
  }
}

/** The input that decides what a primitive is: the first one that it is joined to. */
function joinedInput(
  records: RecordSource,
  catalogue: Catalogue,
  raw: RawNode,
  scope: Scope,
): InputDefinition | undefined {
  for (const id of raw.outputs?.[0]?.links ?? []) {
    const link = linkOf(records, scope, id);
    const node = link && records.get(nodeId(scope, link.target));
    if (node?.kind !== "node" || node.raw.type === "PrimitiveNode") continue;
    const definition = nodeDefinitionOf(records, catalogue, node.raw, scope);
    const input = node.raw.inputs?.[link?.targetSlot ?? -1];
    const found = definition && input && inputNamed(definition, node.raw, input.widget?.name ?? input.name);
    if (found) return found;
  }
  return undefined;
}

interface Remembered {
  readonly catalogue: Catalogue;
  readonly proxies: Json | undefined;
  /** The records that the definition was made from. */
  readonly seen: ReadonlyMap<RecordId, DocumentRecord | undefined>;
  readonly definition: NodeDefinition;
}

const remembered = new WeakMap<SheetRecord, Remembered[]>();

function instanceDefinition(
  records: RecordSource,
  catalogue: Catalogue,
  raw: RawNode,
  sheet: SheetRecord,
  around: ReadonlySet<Scope>,
): NodeDefinition {
  const proxies = raw.properties?.proxyWidgets;
  const known = (remembered.get(sheet) ?? []).filter(({ seen }) => isFresh(records, seen));
  const found = known.find((one) => one.catalogue === catalogue && one.proxies === proxies);
  if (found) return found.definition;
  const seen = new Map<RecordId, DocumentRecord | undefined>();
  const noting: RecordSource = {
    get: (id) => {
      const record = records.get(id);
      seen.set(id, record);
      return record;
    },
  };
  const definition = describe(new Inside(noting, catalogue, sheet, around), proxies);
  remembered.set(sheet, [...known, { catalogue, proxies, seen, definition }]);
  return definition;
}

function isFresh(records: RecordSource, seen: Remembered["seen"]): boolean {
  for (const [id, record] of seen) if (records.get(id) !== record) return false;
  return true;
}

/** The inside of a subgraph, looked at from one of its instances. */
class Inside {
  constructor(
    readonly records: RecordSource,
    readonly catalogue: Catalogue,
    readonly sheet: SheetRecord,
    readonly around: ReadonlySet<Scope>,
  ) {}

  /** Return the input of a port: with a widget where the port stands for one. */
  input(port: SubgraphPort, at: number): InputDefinition {
    const bare = {
      name: port.name,
      type: typeof port.type === "string" ? port.type : "COMBO",
      required: false,
    };
    const options: JsonObject = port.label === undefined ? {} : { label: port.label };
    for (const id of port.linkIds) {
      const link = linkOf(this.records, this.sheet.scope, id);
      const node = link && this.node(link.target);
      const input = link && node?.raw.inputs?.[link.targetSlot];
      if (!node || !input || link.originSlot !== at) continue;
      if (!input.widget) continue;
      const inner = this.widget(node.raw, input.widget.name);
      if (!inner) return { ...bare, options: { ...options, widgetType: UNKNOWN_WIDGET } };
      return { ...inner, ...bare, options: { ...inner.options, label: port.name, ...options } };
    }
    return { ...bare, options: { ...options, forceInput: true } };
  }

  node(id: FileId): NodeRecord | undefined {
    const record = this.records.get(nodeId(this.sheet.scope, id));
    return record?.kind === "node" ? record : undefined;
  }

  /** Return the input of a widget inside, with the value that it has inside as the one it starts with. */
  widget(raw: RawNode, name: string): InputDefinition | undefined {
    const definition = this.definitionOf(raw);
    const slot = widgetSlots(definition, raw).find((one) => one.sent && one.name === name);
    if (!slot) return undefined;
    const input = slot.input ?? { name, type: "*", options: { widgetType: UNKNOWN_WIDGET }, required: false };
    return { ...input, options: { ...input.options, default: widgetValue(raw, slot) } };
  }

  definitionOf(raw: RawNode): NodeDefinition | undefined {
    const sheet = subgraphOf(this.records, raw);
    if (!sheet) return nodeDefinitionOf(this.records, this.catalogue, raw, this.sheet.scope);
    if (this.around.has(sheet.scope)) return undefined;
    const around = new Set([...this.around, sheet.scope]);
    return describe(new Inside(this.records, this.catalogue, sheet, around), raw.properties?.proxyWidgets);
  }
}

function describe(inside: Inside, proxies: Json | undefined): NodeDefinition {
  const { rest, scope } = inside.sheet;
  const text = (key: string) => (typeof rest[key] === "string" ? rest[key] : "");
  const inputs = subgraphInputs(inside.sheet).map((port, at) => inside.input(port, at));
  return {
    type: scope,
    title: text("name") || scope,
    category: text("category"),
    description: text("description"),
    inputs: Array.isArray(proxies) && proxies.length > 0 ? withProxies(inside, inputs, proxies) : inputs,
    outputs: subgraphOutputs(inside.sheet).map(({ name, label, type }) => ({
      name: label ?? name,
      type: typeof type === "string" ? type : "COMBO",
      isList: false,
    })),
    isOutput: false,
    deprecated: false,
    experimental: false,
    module: "editor",
    aliases: [],
    virtual: true,
    subgraph: scope,
  };
}

function ownWidget(own: InputDefinition): InputDefinition {
  return hasWidget(own) ? own : { ...own, options: { label: own.name, widgetType: UNKNOWN_WIDGET } };
}

function innerWidget(inside: Inside, owner: string, name: string, names: Set<string>): InputDefinition {
  const node = inside.node(owner);
  const inner = node && inside.widget(node.raw, name);
  if (!inner) return lostWidget(`${owner}:${name}`);
  const unique = names.has(name) ? `${owner}:${name}` : name;
  names.add(unique);
  return {
    ...inner,
    name: unique,
    required: false,
    options: { ...inner.options, label: name, socketless: true },
  };
}

/** A value that an instance keeps for a widget that is not there. */
function lostWidget(name: string): InputDefinition {
  return { name, type: "*", options: { socketless: true, widgetType: UNKNOWN_WIDGET }, required: false };
}

/** Id that stands in `proxyWidgets` for the subgraph's own inputs. */
const OWN = "-1";

/** Older files tell at each instance which widgets it shows, also of nodes inside that no input leads to. */
function withProxies(inside: Inside, inputs: InputDefinition[], proxies: readonly Json[]): InputDefinition[] {
  const waiting = new Map(inputs.map((input) => [input.name, input]));
  const names = new Set(waiting.keys());
  const shown: InputDefinition[] = [];
  for (const entry of proxies) {
    const [owner, name] = Array.isArray(entry) ? (entry as readonly Json[]).map(String) : [];
    if (owner === undefined || name === undefined) continue;
    const own = owner === OWN ? waiting.get(name) : undefined;
    if (own) waiting.delete(name);
    shown.push(own ? ownWidget(own) : innerWidget(inside, owner, name, names));
  }
  // A port that no entry names has no widget at this instance.
  const others = [...waiting.values()].map((input) =>
    hasWidget(input) ? { ...input, options: { ...input.options, forceInput: true } } : input,
  );
  return [...others, ...shown];
}
