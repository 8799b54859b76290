/** What a workflow says, apart from how a file writes it: so that the files of two editors can be compared. */

import type { Catalogue } from "@/catalogue/definitions";
import { widgetSlots } from "@/catalogue/slots";
import { extraOf } from "@/document/extra";
import { boundingOf } from "@/document/groups";
import { flagOf, positionOf } from "@/document/nodes";
import { readWorkflow } from "@/document/read";
import {
  type FileId,
  type Json,
  type JsonObject,
  type LinkRecord,
  linkOf,
  type NodeRecord,
  nodeId,
  nodeOf,
  type RecordSource,
  ROOT,
  type Scope,
  type SheetRecord,
  sheetOf,
} from "@/document/records";
import { chainTo } from "@/document/reroute-chains";
import { nodeDefinitionOf, subgraphInputs, subgraphOutputs } from "@/document/subgraphs";
import { widgetValue } from "@/document/values";

const NOTES: ReadonlySet<string> = new Set(["Note", "MarkdownNote"]);

/**
 * Return what a workflow says, one line for each thing, in an order that does not depend on the file. What comes
 * over a wire into a widget counts, not the value that it has besides.
 */
export function factsOf(json: JsonObject, catalogue: Catalogue): string[] {
  const facts = new Facts(readWorkflow(json), catalogue);
  facts.readSheet(ROOT, "");
  facts.say("app", [extraOf(facts.records, "linearData") ?? null]);
  return facts.lines.sort();
}

class Facts {
  readonly lines: string[] = [];

  constructor(
    readonly records: RecordSource,
    readonly catalogue: Catalogue,
  ) {}

  say(what: string, details: readonly (Json | undefined)[]): void {
    this.lines.push(`${what} ${JSON.stringify(details)}`);
  }

  /** Read a sheet and the subgraphs on it; `path` is that of the instance around it. */
  readSheet(scope: Scope, path: string): void {
    const sheet = sheetOf(this.records, scope);
    if (!sheet) return;
    for (const [at, id] of sheet.nodes.entries()) {
      const node = this.records.get(id);
      if (node?.kind !== "node") continue;
      this.#readNode(node, `${path}${at}`);
      if (sheetOf(this.records, node.raw.type)) this.readSheet(node.raw.type, `${path}${at}:`);
    }
    for (const id of sheet.groups) {
      const group = this.records.get(id);
      if (group?.kind !== "group") continue;
      this.say(`group of ${path}`, [group.raw.title, [...boundingOf(group.raw)], group.raw.color]);
    }
    this.#readLinks(sheet, path);
    if (scope !== ROOT) this.#readPorts(sheet, path);
  }

  #readNode(node: NodeRecord, path: string): void {
    const { raw, scope } = node;
    const isSubgraph = sheetOf(this.records, raw.type) !== undefined;
    const flags = [flagOf(raw, "collapsed"), flagOf(raw, "pinned")];
    const colors = NOTES.has(raw.type) ? [] : [raw.color, raw.bgcolor];
    const place = positionOf(raw).map(Math.round);
    this.say(`node ${path}`, [isSubgraph ? "subgraph" : raw.type, raw.title, ...place, raw.mode ?? 0]);
    this.say(`looks of ${path}`, [...flags, ...colors]);
    const definition = nodeDefinitionOf(this.records, this.catalogue, raw, scope);
    for (const slot of widgetSlots(definition, raw)) {
      const input = (raw.inputs ?? []).find((one) => one.widget?.name === slot.name);
      if (input?.link != null && linkOf(this.records, scope, input.link)) continue;
      this.say(`value of ${path}`, [slot.name, slot.kind, rounded(widgetValue(raw, slot))]);
    }
  }

  #readLinks(sheet: SheetRecord, path: string): void {
    for (const id of sheet.links) {
      const link = this.records.get(id);
      if (link?.kind !== "link") continue;
      const points = chainTo(this.records, sheet.scope, link.parent).map(({ raw }) => raw.pos);
      const origin = placeOf(sheet, link.origin);
      this.say(`wire of ${path}`, [origin, link.originSlot, ...this.#target(sheet, link), ...points]);
    }
  }

  /** Inputs are meant by their names: files leave out some that nothing is joined to. */
  #target(sheet: SheetRecord, { scope, target, targetSlot }: LinkRecord): Json[] {
    const input = nodeOf(this.records, scope, target)?.raw.inputs?.[targetSlot];
    return [placeOf(sheet, target), input?.name ?? targetSlot];
  }

  #readPorts(sheet: SheetRecord, path: string): void {
    const told = (ports: ReturnType<typeof subgraphInputs>) =>
      ports.map(({ name, label, type }) => [name, label ?? name, type]);
    this.say(`subgraph ${path}`, [
      sheet.rest.name,
      told(subgraphInputs(sheet)),
      told(subgraphOutputs(sheet)),
    ]);
  }
}

/** Nodes are meant by their places: ComfyUI's editor gives new ids to those that two sheets have. */
function placeOf(sheet: SheetRecord, id: FileId): FileId {
  const place = sheet.nodes.indexOf(nodeId(sheet.scope, id));
  return place < 0 ? id : place;
}

/** ComfyUI's editor keeps numbers as doubles. */
const rounded = (value: Json): Json =>
  typeof value === "string" && value.startsWith("\u0000int:") ? Number(value.slice(5)) : value;

type Prompt = Readonly<Record<string, { class_type: string; inputs: Readonly<Record<string, Json>> }>>;

/** Return what would run, without titles; numbers as doubles. */
export function runOf(prompt: string): Readonly<Record<string, Json>> {
  const nodes = JSON.parse(prompt) as Prompt;
  const told = Object.entries(nodes).map(([id, { class_type, inputs }]) => [
    id,
    [class_type, inputs as Json],
  ]);
  return Object.fromEntries(told) as Record<string, Json>;
}

/** Return what would run as trees from the nodes that nothing follows, so that ids do not matter. */
export function treesOf(prompt: string): string[] {
  const nodes = JSON.parse(prompt) as Prompt;
  const used = new Set(Object.values(nodes).flatMap(({ inputs }) => Object.values(inputs).flatMap(originOf)));
  const grow = (id: string): Json => {
    const { class_type = "", inputs = {} } = nodes[id] ?? {};
    const names = Object.keys(inputs).sort();
    return [class_type, ...names.map((name) => [name, branch(inputs[name] ?? null)])];
  };
  const branch = (value: Json): Json => {
    const [origin] = originOf(value);
    return origin === undefined ? value : [grow(origin), (value as readonly Json[])[1] ?? 0];
  };
  const ends = Object.keys(nodes).filter((id) => !used.has(id));
  return ends.map((id) => JSON.stringify(grow(id))).sort();
}

const originOf = (value: Json): string[] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "number"
    ? [value[0]]
    : [];
