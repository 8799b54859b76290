/** Records written as ComfyUI workflow JSON: what was read and not changed comes out as it was. */

import type { Records } from "./diff";
import {
  type FileId,
  isObject,
  type Json,
  type JsonObject,
  type LinkRecord,
  type OddEntry,
  type RecordId,
  ROOT,
  type SheetRecord,
  sheetId,
} from "./records";

/** Return the JSON of a workflow; it shares its parts with the records and must not be changed. */
export function writeWorkflow(records: Records): JsonObject {
  return writeSheet(records, ROOT);
}

function writeSheet(records: Records, scope: string): JsonObject {
  const sheet = records.get(sheetId(scope));
  if (sheet?.kind !== "sheet") throw new RangeError(`the document has no sheet "${scope}"`);
  const links = linksOf(records, sheet);
  const written: Record<string, Json> = { ...sheet.rest };
  written.nodes = rawsOf(records, sheet.nodes);
  const linkJsons = links.map((link) => linkJson(link, sheet.format));
  writeList(written, sheet, "links", linkJsons);
  writeList(written, sheet, "groups", rawsOf(records, sheet.groups));
  writeRoutes(written, sheet, links, rawsOf(records, sheet.reroutes));
  writeDefinitions(written, records, sheet);
  return written;
}

function linksOf(records: Records, sheet: SheetRecord): LinkRecord[] {
  return sheet.links.map((id) => records.get(id)).filter((record) => record?.kind === "link");
}

function rawsOf(records: Records, ids: readonly RecordId[]): Json[] {
  const raws: Json[] = [];
  for (const id of ids) {
    const record = records.get(id);
    if (record && "raw" in record && record.raw !== undefined) raws.push(record.raw as Json);
  }
  return raws;
}

function writeList(
  into: Record<string, Json>,
  sheet: SheetRecord,
  list: "links" | "groups" | "reroutes",
  values: Json[],
): void {
  const whole = withOdd(values, sheet.odd, list);
  const before = into[list];
  if (list === "links" && isObject(before)) {
    into[list] = Object.fromEntries(whole.map((link) => [String(idOfLink(link)), link]));
  } else if (Array.isArray(before) || whole.length > 0) {
    into[list] = whole;
  }
}

function withOdd(values: Json[], odd: readonly OddEntry[], list: OddEntry["list"]): Json[] {
  for (const entry of odd) if (entry.list === list) values.splice(entry.at, 0, entry.value);
  return values;
}

function idOfLink(link: Json): Json | undefined {
  return Array.isArray(link) ? link[0] : isObject(link) ? link.id : undefined;
}

/** Reroutes are in `extra` in 0.4 and at the top in schema 1, and so are the links' parents. */
function writeRoutes(
  into: Record<string, Json>,
  sheet: SheetRecord,
  links: readonly LinkRecord[],
  reroutes: Json[],
): void {
  const extra = isObject(into.extra) ? into.extra : undefined;
  const atTop = !Array.isArray(extra?.reroutes) && (sheet.format === "1" || Array.isArray(into.reroutes));
  if (atTop) writeList(into, sheet, "reroutes", reroutes);
  const listed = atTop ? undefined : withOdd(reroutes, sheet.odd, "reroutes");
  const extensions = extensionsOf(sheet, links, extra?.linkExtensions);
  const added: Record<string, Json> = {};
  if (listed && (extra?.reroutes !== undefined || listed.length > 0)) added.reroutes = listed;
  if (extra?.linkExtensions !== undefined || extensions.length > 0) added.linkExtensions = extensions;
  if (Object.keys(added).length > 0) into.extra = { ...extra, ...added };
}

function extensionsOf(sheet: SheetRecord, links: readonly LinkRecord[], before: Json | undefined): Json[] {
  const waiting = new Map<string, LinkRecord>();
  for (const link of links)
    if (link.parent !== undefined && !isObjectLink(link, sheet.format)) waiting.set(String(link.id), link);
  const kept: Json[] = [];
  for (const entry of Array.isArray(before) ? (before as readonly JsonObject[]) : []) {
    const link = waiting.get(String(entry.id));
    if (!waiting.delete(String(entry.id)) || link?.parent === undefined) continue;
    kept.push(entry.parentId === link.parent ? entry : { ...entry, parentId: link.parent });
  }
  for (const { id, parent } of waiting.values())
    if (parent !== undefined) kept.push({ id, parentId: parent });
  return withOdd(kept, sheet.odd, "linkExtensions");
}

/** Links that are objects have their parent with them; those that are arrays, among the extensions. */
function isObjectLink({ raw }: LinkRecord, format: SheetRecord["format"]): boolean {
  return raw === undefined ? format === "1" : isObject(raw);
}

/** Return the JSON of a link, in the form that it has in the file. */
function linkJson(link: LinkRecord, format: SheetRecord["format"]): Json {
  if (!isObjectLink(link, format)) return linkArray(link, link.raw);
  return linkObject(link, isObject(link.raw) ? link.raw : {});
}

function linkArray(link: LinkRecord, raw: Json | undefined): Json {
  const fields = fieldsOf(link);
  if (!Array.isArray(raw)) return fields;
  const before = raw as readonly Json[];
  const same = fields.every((value, at) => isSame(link, at, before[at], value));
  return same ? raw : [...fields, ...before.slice(fields.length)];
}

const NAMES = ["id", "origin_id", "origin_slot", "target_id", "target_slot", "type"] as const;

function linkObject(link: LinkRecord, raw: JsonObject): Json {
  const fields = fieldsOf(link);
  const changed = NAMES.flatMap((name, at) =>
    isSame(link, at, raw[name], fields[at] ?? null) ? [] : [[name, fields[at] ?? null] as const],
  );
  const sameParent = raw.parentId === link.parent || (raw.parentId === null && link.parent === undefined);
  if (changed.length === 0 && sameParent) return raw;
  const { parentId: _, ...others } = raw;
  const kept = sameParent ? raw : link.parent === undefined ? others : { ...raw, parentId: link.parent };
  return { ...kept, ...Object.fromEntries(changed) };
}

function fieldsOf(link: LinkRecord): Json[] {
  return [link.id, link.origin, link.originSlot, link.target, link.targetSlot, link.type];
}

const TARGET_SLOT = 4;
const TYPE = 5;

function isSame(link: LinkRecord, at: number, before: Json | undefined, now: Json): boolean {
  if (at === TARGET_SLOT && link.repaired) return true;
  if (at === TYPE) return before === now || (before === undefined && now === "*");
  return before === now || String(before as FileId) === String(now);
}

function writeDefinitions(into: Record<string, Json>, records: Records, sheet: SheetRecord): void {
  const subgraphs = withOdd(
    sheet.definitions.map((scope) => writeSheet(records, scope)),
    sheet.odd,
    "definitions",
  );
  const before = isObject(into.definitions) ? into.definitions : undefined;
  if (before?.subgraphs === undefined && subgraphs.length === 0) return;
  into.definitions = { ...before, subgraphs };
}
