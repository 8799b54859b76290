/**
 * The records that a workflow is made of in the editor.
 *
 * Each record keeps the JSON that the file has for it, unknown keys and their order included, so that what
 * was opened is what is saved (formats: ComfyUI workflow JSON 0.4 and schema 1). Records are immutable: an
 * edit puts a new record in the place of the old one, and a pair of the two is a diff.
 */

/** Whatever JSON can say; never changed in place. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** JSON with names; an entry is a value, never undefined. */
export type JsonObject = { readonly [key: string]: Json };

/** `root`, or the uuid of a subgraph definition: the sheet that a record lies on. */
export type Scope = string;
/** The sheet of the workflow itself; all others are subgraphs. */
export const ROOT: Scope = "root";

/** A place on the canvas, or a shift of one: x to the right, y down, in canvas pixels. */
export type Point = readonly [number, number];
/** Width and height in canvas pixels. */
export type Size = readonly [number, number];

/** The id of a node, link or reroute as the file has it; never made from another type. */
export type FileId = number | string;

/** Origin id of links that come from a subgraph's own inputs, and target id of links to its outputs. */
export const SUBGRAPH_INPUT = -10;
/** Id that links have as the end of a subgraph at which its outputs are. */
export const SUBGRAPH_OUTPUT = -20;

/** Modes of a node that matter: it runs; it is muted; it is bypassed. */
export const MODE = { always: 0, muted: 2, bypassed: 4 } as const;

/** An input socket, as the file has it. `widget` names the widget that the socket stands for. */
export interface RawInput {
  readonly name: string;
  readonly type: Json;
  readonly link?: FileId | null;
  readonly widget?: { readonly name: string };
  readonly label?: string;
  readonly [key: string]: Json | undefined;
}

/** An output socket, as the file has it. */
export interface RawOutput {
  readonly name: string;
  readonly type: Json;
  readonly links?: readonly FileId[] | null;
  readonly label?: string;
  readonly [key: string]: Json | undefined;
}

/** A node, as the file has it. */
export interface RawNode {
  readonly id: FileId;
  readonly type: string;
  readonly pos?: Json;
  readonly size?: Json;
  readonly flags?: JsonObject;
  readonly mode?: number;
  readonly inputs?: readonly RawInput[];
  readonly outputs?: readonly RawOutput[];
  readonly properties?: JsonObject;
  readonly widgets_values?: Json;
  readonly title?: string;
  readonly color?: string;
  readonly bgcolor?: string;
  readonly [key: string]: Json | undefined | readonly RawInput[] | readonly RawOutput[];
}

/** A group, as the file has it: a titled frame, `bounding` is [x, y, width, height] in canvas pixels. */
export interface RawGroup {
  readonly title?: string;
  readonly bounding?: Json;
  readonly color?: string;
  readonly [key: string]: Json | undefined;
}

/** A point that links are led through; `pos` is [x, y]. */
export interface RawReroute {
  readonly id: number;
  readonly parentId?: number;
  readonly pos: Json;
  readonly linkIds?: readonly FileId[];
  readonly [key: string]: Json | undefined;
}

/** Identifies a record within a document: `kind:scope:id`. */
export type RecordId = string;

/** A node and the sheet that it is on. */
export interface NodeRecord {
  readonly kind: "node";
  readonly scope: Scope;
  readonly raw: RawNode;
}

/**
 * A link; both its ends exist. `raw` is its JSON (an array in 0.4, an object in schema 1), kept to be written
 * back; where a field here differs from it, the field counts.
 */
export interface LinkRecord {
  readonly kind: "link";
  readonly scope: Scope;
  readonly id: FileId;
  readonly origin: FileId;
  readonly originSlot: number;
  readonly target: FileId;
  readonly targetSlot: number;
  readonly type: Json;
  /** Id of the last reroute on its way to the target. */
  readonly parent?: number | undefined;
  readonly raw?: Json;
  /** The file names another target slot than the input that holds the link; it is kept while nothing changes. */
  readonly repaired?: boolean | undefined;
}

/** A group and the sheet that it is on. */
export interface GroupRecord {
  readonly kind: "group";
  readonly scope: Scope;
  /** Identifies the group in the editor; files may have groups without ids. */
  readonly key: string;
  readonly raw: RawGroup;
}

/** A reroute and the sheet that it is on; a link leads over it by its id. */
export interface RerouteRecord {
  readonly kind: "reroute";
  readonly scope: Scope;
  readonly raw: RawReroute;
}

/** An entry of a sheet's lists that is no record (malformed, or without ends): written back where it was. */
export interface OddEntry {
  readonly list: "links" | "groups" | "reroutes" | "linkExtensions" | "definitions";
  readonly at: number;
  readonly value: Json;
}

/**
 * A sheet: the workflow itself or a subgraph definition. `rest` is its JSON with the lists of nodes, links,
 * groups and reroutes left as placeholders (so that the order of keys is known); the lists here say what is
 * on it, in the order of the file, which for nodes is also the order in which they are drawn.
 */
export interface SheetRecord {
  readonly kind: "sheet";
  readonly scope: Scope;
  readonly format: "0.4" | "1";
  readonly rest: JsonObject;
  readonly nodes: readonly RecordId[];
  readonly links: readonly RecordId[];
  readonly groups: readonly RecordId[];
  readonly reroutes: readonly RecordId[];
  /** Ids of the subgraph definitions in the order of the file: all on the root sheet, unless a file nests them. */
  readonly definitions: readonly Scope[];
  readonly odd: readonly OddEntry[];
}

/** Anything that a document holds and that is changed as a whole. */
export type DocumentRecord = NodeRecord | LinkRecord | GroupRecord | RerouteRecord | SheetRecord;

/** Whatever gives records by their id: a document, a transaction, a map. */
export interface RecordSource {
  get(id: RecordId): DocumentRecord | undefined;
}

/** Return the id of a node of a sheet. */
export const nodeId = (scope: Scope, id: FileId): RecordId => `node:${scope}:${id}`;
/** Return the id of a link of a sheet. */
export const linkId = (scope: Scope, id: FileId): RecordId => `link:${scope}:${id}`;
/** Return the id of a group of a sheet, by its key. */
export const groupId = (scope: Scope, key: string): RecordId => `group:${scope}:${key}`;
/** Return the id of a reroute of a sheet. */
export const rerouteId = (scope: Scope, id: FileId): RecordId => `reroute:${scope}:${id}`;
/** Return the id of the record of a sheet. */
export const sheetId = (scope: Scope): RecordId => `sheet:${scope}`;

/** Return the id under which a document keeps a record. */
export function idOf(record: DocumentRecord): RecordId {
  switch (record.kind) {
    case "node":
      return nodeId(record.scope, record.raw.id);
    case "link":
      return linkId(record.scope, record.id);
    case "group":
      return groupId(record.scope, record.key);
    case "reroute":
      return rerouteId(record.scope, record.raw.id);
    case "sheet":
      return sheetId(record.scope);
  }
}

/** Return a sheet of a document, or undefined where it has no such sheet. */
export function sheetOf(records: RecordSource, scope: Scope): SheetRecord | undefined {
  const record = records.get(sheetId(scope));
  return record?.kind === "sheet" ? record : undefined;
}

/** Return a node of a document, or undefined where it has no such node. */
export function nodeOf(records: RecordSource, scope: Scope, id: FileId): NodeRecord | undefined {
  const record = records.get(nodeId(scope, id));
  return record?.kind === "node" ? record : undefined;
}

/** Return a link of a document, or undefined where it has no such link. */
export function linkOf(records: RecordSource, scope: Scope, id: FileId): LinkRecord | undefined {
  const record = records.get(linkId(scope, id));
  return record?.kind === "link" ? record : undefined;
}

/** Tell whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
