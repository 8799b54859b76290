/** ComfyUI workflow JSON, 0.4 and schema 1, read into records; `writeWorkflow` gives the same JSON back. */

import type { Records } from "./diff";
import { readLinks } from "./read-links";
import {
  type DocumentRecord,
  type FileId,
  groupId,
  isObject,
  type Json,
  type JsonObject,
  nodeId,
  type OddEntry,
  type RawNode,
  type RawReroute,
  type RecordId,
  ROOT,
  rerouteId,
  type Scope,
  sheetId,
} from "./records";
import { newUuid } from "./uuid";

/** A workflow that cannot be opened; the message says which part of it is wrong. */
export class WorkflowFormatError extends Error {
  override readonly name = "WorkflowFormatError";
}

/** Return a workflow without anything on it, as the editor starts with. */
export function emptyWorkflow(): Records {
  return readWorkflow({
    id: newUuid(),
    revision: 0,
    last_node_id: 0,
    last_link_id: 0,
    nodes: [],
    links: [],
    groups: [],
    config: {},
    extra: {},
    version: 0.4,
  });
}

/**
 * Return the records of a workflow. Entries that name nothing that exists (links without ends, malformed
 * groups) are kept for writing, but are no records. A second node with one id gets an id of its own.
 *
 * @throws WorkflowFormatError A node is malformed, or the JSON is no workflow of the editor.
 */
export function readWorkflow(json: JsonObject): Records {
  const records = new Map<RecordId, DocumentRecord>();
  readSheet(records, new Set([ROOT]), json, ROOT, "the workflow");
  return records;
}

type Target = Map<RecordId, DocumentRecord>;

/** @param taken Ids of definitions that have been met. */
function readSheet(records: Target, taken: Set<Scope>, json: JsonObject, scope: Scope, where: string): void {
  const odd: OddEntry[] = [];
  const format = formatOf(json, scope);
  const extra = isObject(json.extra) ? json.extra : undefined;
  const nodes = readNodes(records, json.nodes, scope, where);
  const inExtra = Array.isArray(extra?.reroutes);
  const { links, extensions } = readLinks(records, json.links, extra?.linkExtensions, scope, odd);
  const groups = readGroups(records, json.groups, scope, odd);
  const reroutes = readReroutes(records, inExtra ? extra?.reroutes : json.reroutes, scope, odd);
  const definitions = readDefinitions(records, taken, json.definitions, odd);
  const rest: Record<string, Json> = { ...json, nodes: [] };
  if (Array.isArray(json.links)) rest.links = [];
  else if (isObject(json.links)) rest.links = {};
  if (Array.isArray(json.groups)) rest.groups = [];
  if (!inExtra && Array.isArray(json.reroutes)) rest.reroutes = [];
  if (extra && (inExtra || extensions)) {
    rest.extra = {
      ...extra,
      ...(inExtra && { reroutes: [] }),
      ...(extensions && { linkExtensions: extensions }),
    };
  }
  if (isObject(json.definitions) && Array.isArray(json.definitions.subgraphs)) {
    rest.definitions = { ...json.definitions, subgraphs: [] };
  }
  const lists = { nodes, links, groups, reroutes, definitions, odd };
  records.set(sheetId(scope), { kind: "sheet", scope, format, rest, ...lists });
}

function formatOf(json: JsonObject, scope: Scope): "0.4" | "1" {
  if (typeof json.version === "number") return json.version >= 1 ? "1" : "0.4";
  return scope === ROOT ? "0.4" : "1";
}

function readNodes(records: Target, value: Json | undefined, scope: Scope, where: string): RecordId[] {
  if (!Array.isArray(value)) throw new WorkflowFormatError(`${where} has no list of nodes`);
  const list = value as readonly Json[];
  const ids: RecordId[] = [];
  const again: RawNode[] = [];
  const add = (raw: RawNode) => {
    const id = nodeId(scope, raw.id);
    records.set(id, { kind: "node", scope, raw });
    ids.push(id);
  };
  for (const entry of list) {
    const raw = checkedNode(entry, where);
    if (records.has(nodeId(scope, raw.id))) again.push(raw);
    else add(raw);
  }
  let last = again.length === 0 ? 0 : highest(list);
  for (const raw of again) add({ ...raw, id: ++last, inputs: unlinked(raw.inputs) });
  return ids;
}

/** A node whose id another one has cannot be the one that links mean. */
function unlinked(inputs: RawNode["inputs"]): NonNullable<RawNode["inputs"]> {
  return (inputs ?? []).map((input) => ({ ...input, link: null }));
}

function highest(nodes: readonly Json[]): number {
  return nodes.reduce<number>((most, node) => Math.max(most, Number((node as JsonObject).id) || 0), 0);
}

function checkedNode(entry: Json, where: string): RawNode {
  if (!isObject(entry)) throw new WorkflowFormatError(`a node of ${where} is no object`);
  const { id, type } = entry;
  if (!isFileId(id)) throw new WorkflowFormatError(`the id of a node of ${where} is neither number nor text`);
  if (typeof type !== "string") throw new WorkflowFormatError(`node ${id} of ${where} has no type`);
  for (const side of ["inputs", "outputs"] as const) {
    const sockets = entry[side] ?? [];
    if (!Array.isArray(sockets) || !sockets.every(isObject)) {
      throw new WorkflowFormatError(`the ${side} of node ${id} of ${where} are no list of objects`);
    }
  }
  return entry as RawNode;
}

function readGroups(records: Target, value: Json | undefined, scope: Scope, odd: OddEntry[]): RecordId[] {
  const ids: RecordId[] = [];
  listOf(value).forEach((raw, at) => {
    if (!isObject(raw)) {
      odd.push({ list: "groups", at, value: raw });
      return;
    }
    let key = isFileId(raw.id) ? String(raw.id) : `nameless-${at}`;
    while (records.has(groupId(scope, key))) key += "-again";
    records.set(groupId(scope, key), { kind: "group", scope, key, raw });
    ids.push(groupId(scope, key));
  });
  return ids;
}

function readReroutes(records: Target, value: Json | undefined, scope: Scope, odd: OddEntry[]): RecordId[] {
  const ids: RecordId[] = [];
  listOf(value).forEach((raw, at) => {
    if (!isObject(raw) || typeof raw.id !== "number" || records.has(rerouteId(scope, raw.id))) {
      odd.push({ list: "reroutes", at, value: raw });
      return;
    }
    records.set(rerouteId(scope, raw.id), { kind: "reroute", scope, raw: raw as RawReroute });
    ids.push(rerouteId(scope, raw.id));
  });
  return ids;
}

function readDefinitions(
  records: Target,
  taken: Set<Scope>,
  value: Json | undefined,
  odd: OddEntry[],
): Scope[] {
  const scopes: Scope[] = [];
  listOf(isObject(value) ? value.subgraphs : undefined).forEach((raw, at) => {
    if (!isObject(raw) || !isFileId(raw.id) || taken.has(String(raw.id))) {
      odd.push({ list: "definitions", at, value: raw });
      return;
    }
    const scope = String(raw.id);
    taken.add(scope);
    const name = typeof raw.name === "string" ? raw.name : scope;
    readSheet(records, taken, raw, scope, `the subgraph "${name}"`);
    scopes.push(scope);
  });
  return scopes;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Tell whether a value can be the id of a node, link or definition. */
function isFileId(value: unknown): value is FileId {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}
