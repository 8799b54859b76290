/** What holds in every document, whatever was done to it. */

import type { Records } from "@/document/diff";
import {
  type DocumentRecord,
  type FileId,
  idOf,
  type LinkRecord,
  linkOf,
  nodeOf,
  type RerouteRecord,
  ROOT,
  rerouteId,
  type Scope,
  type SheetRecord,
  SUBGRAPH_INPUT,
  SUBGRAPH_OUTPUT,
  sheetOf,
} from "@/document/records";
import { subgraphInputs, subgraphOutputs } from "@/document/subgraphs";

/** Ids of links that files name at outputs without having them: `scope:link`. */
export function staleIds(records: Records): ReadonlySet<string> {
  return new Set([...listedLinks(records)].filter(({ scope, id }) => !linkOf(records, scope, id)).map(keyOf));
}

interface Listed {
  readonly scope: Scope;
  readonly id: FileId;
}

const keyOf = ({ scope, id }: Listed): string => `${scope}:${id}`;

function* listedLinks(records: Records): Generator<Listed> {
  for (const record of records.values()) {
    const { scope } = record;
    for (const id of linksNamedBy(record)) if (id !== null && id !== undefined) yield { scope, id };
  }
}

function linksNamedBy(record: DocumentRecord): readonly (FileId | null | undefined)[] {
  if (record.kind === "node") {
    const { inputs = [], outputs = [] } = record.raw;
    return [...inputs.map(({ link }) => link), ...outputs.flatMap(({ links }) => links ?? [])];
  }
  if (record.kind !== "sheet" || record.scope === ROOT) return [];
  return [...subgraphInputs(record), ...subgraphOutputs(record)].flatMap(({ linkIds }) => linkIds);
}

/** Return what is wrong with a document, one line each; `stale` are ids that its file had wrong from the start. */
export function complaints(records: Records, stale: ReadonlySet<string> = new Set()): string[] {
  const found: string[] = [];
  const say = (what: string, record: DocumentRecord) => {
    found.push(`${idOf(record)}: ${what}`);
  };
  const sheets = [...records.values()].filter((record) => record.kind === "sheet");
  const listed = new Set([`sheet:${ROOT}`, ...sheets.flatMap((sheet) => checkSheet(records, sheet, say))]);
  for (const [id, record] of records) {
    if (idOf(record) !== id) say(`kept under ${id}`, record);
    if (!listed.has(id)) say("on no sheet", record);
    if (record.kind === "link") checkLink(records, record, say);
    if (record.kind === "reroute") checkReroute(records, record, say);
  }
  const gone = [...listedLinks(records)].filter(({ scope, id }) => !linkOf(records, scope, id)).map(keyOf);
  return [...found, ...gone.filter((key) => !stale.has(key)).map((key) => `link ${key} is named but gone`)];
}

function checkReroute(records: Records, reroute: RerouteRecord, say: Say): void {
  const { parentId } = reroute.raw;
  if (parentId !== undefined && !records.has(rerouteId(reroute.scope, parentId)))
    say("its parent is gone", reroute);
}

type Say = (what: string, record: DocumentRecord) => void;

function checkSheet(records: Records, sheet: SheetRecord, say: Say): string[] {
  const lists = { node: sheet.nodes, link: sheet.links, group: sheet.groups, reroute: sheet.reroutes };
  for (const [kind, ids] of Object.entries(lists)) {
    if (new Set(ids).size !== ids.length) say(`lists a ${kind} twice`, sheet);
    for (const id of ids) if (records.get(id)?.kind !== kind) say(`lists ${id}, which is not there`, sheet);
  }
  const definitions = sheet.definitions.map((scope) => `sheet:${scope}`);
  for (const id of definitions) if (!records.has(id)) say(`lists ${id}, which is not there`, sheet);
  return [...sheet.nodes, ...sheet.links, ...sheet.groups, ...sheet.reroutes, ...definitions];
}

function checkLink(records: Records, link: LinkRecord, say: Say): void {
  const { scope, id } = link;
  const sheet = sheetOf(records, scope);
  if (!sheet) {
    say("its sheet is gone", link);
    return;
  }
  const same = (one: FileId | null | undefined) => String(one) === String(id);
  if (!linksOut(records, sheet, link)?.some(same)) say("its origin does not name it", link);
  if (!linksIn(records, sheet, link)?.some(same)) say("its target does not name it", link);
  if (link.parent !== undefined && !records.has(rerouteId(scope, link.parent)))
    say("its reroute is gone", link);
}

type Ids = readonly (FileId | null | undefined)[] | null | undefined;

function linksOut(records: Records, sheet: SheetRecord, { scope, origin, originSlot }: LinkRecord): Ids {
  if (Number(origin) === SUBGRAPH_INPUT && scope !== ROOT) return subgraphInputs(sheet)[originSlot]?.linkIds;
  return nodeOf(records, scope, origin)?.raw.outputs?.[originSlot]?.links;
}

function linksIn(records: Records, sheet: SheetRecord, { scope, target, targetSlot }: LinkRecord): Ids {
  if (Number(target) === SUBGRAPH_OUTPUT && scope !== ROOT)
    return subgraphOutputs(sheet)[targetSlot]?.linkIds;
  return [nodeOf(records, scope, target)?.raw.inputs?.[targetSlot]?.link];
}
