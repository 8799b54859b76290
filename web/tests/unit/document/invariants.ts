/** What holds in every document, whatever was done to it. */

import type { Records } from "@/document/diff";
import {
  type DocumentRecord,
  type FileId,
  idOf,
  type LinkRecord,
  linkId,
  linkOf,
  nodeOf,
  ROOT,
  rerouteId,
  type Scope,
  type SheetRecord,
  SUBGRAPH_INPUT,
  SUBGRAPH_OUTPUT,
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
    if (record.kind === "node") {
      for (const { link } of record.raw.inputs ?? [])
        if (link !== null && link !== undefined) yield { scope, id: link };
      for (const { links } of record.raw.outputs ?? []) for (const id of links ?? []) yield { scope, id };
    }
    if (record.kind === "sheet" && scope !== ROOT) {
      for (const { linkIds } of [...subgraphInputs(record), ...subgraphOutputs(record)]) {
        for (const id of linkIds) yield { scope, id };
      }
    }
  }
}

/** Return what is wrong with a document, one line each; `stale` are ids that its file had wrong from the start. */
export function complaints(records: Records, stale: ReadonlySet<string> = new Set()): string[] {
  const found: string[] = [];
  const say = (what: string, record: DocumentRecord) => found.push(`${idOf(record)}: ${what}`);
  const listed = new Set<string>();
  for (const [id, record] of records) {
    if (idOf(record) !== id) say(`kept under ${id}`, record);
    if (record.kind === "link") checkLink(records, record, say);
    if (record.kind === "sheet") for (const one of checkSheet(records, record, say)) listed.add(one);
    if (record.kind === "reroute" && record.raw.parentId !== undefined) {
      if (!records.has(rerouteId(record.scope, record.raw.parentId))) say("its parent is gone", record);
    }
  }
  for (const [id, record] of records) {
    if (record.kind === "sheet" ? id !== `sheet:${ROOT}` && !listed.has(id) : !listed.has(id))
      say("on no sheet", record);
  }
  for (const one of listedLinks(records)) {
    if (!linkOf(records, one.scope, one.id) && !stale.has(keyOf(one)))
      found.push(`link ${keyOf(one)} is named but gone`);
  }
  return found;
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
  const sheet = records.get(`sheet:${scope}`);
  if (sheet?.kind !== "sheet") return say("its sheet is gone", link);
  const same = (one: FileId | null | undefined) => String(one) === String(id);
  const origin = Number(link.origin) === SUBGRAPH_INPUT && scope !== ROOT;
  const outputs = origin
    ? subgraphInputs(sheet)[link.originSlot]?.linkIds
    : nodeOf(records, scope, link.origin)?.raw.outputs?.[link.originSlot]?.links;
  if (!outputs?.some(same)) say("its origin does not name it", link);
  const target = Number(link.target) === SUBGRAPH_OUTPUT && scope !== ROOT;
  const named = target
    ? subgraphOutputs(sheet)[link.targetSlot]?.linkIds.some(same)
    : same(nodeOf(records, scope, link.target)?.raw.inputs?.[link.targetSlot]?.link);
  if (!named) say("its target does not name it", link);
  if (link.parent !== undefined && !records.has(rerouteId(scope, link.parent)))
    say("its reroute is gone", link);
  if (linkId(scope, id) !== idOf(link)) say("has another id", link);
}
