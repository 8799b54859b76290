/** Links and sockets that agree with each other again after two changes were put together. */

import type { Change, Diff, Records } from "./diff";
import { isSame } from "./difference";
import {
  type DocumentRecord,
  type FileId,
  idOf,
  type LinkRecord,
  linkId,
  type NodeRecord,
  nodeId,
  type RecordId,
  type SheetRecord,
  SUBGRAPH_INPUT,
  SUBGRAPH_OUTPUT,
} from "./records";

/**
 * Return what has to change after a diff was applied so that every link it concerns has both ends, inputs hold only
 * links that are there, and lists name only what is there. Where two links lead to one input, the one that the
 * input holds stays.
 *
 * @param records The state with the diff applied.
 */
export function mendLinks(records: Records, applied: Diff): Diff {
  const gone = new Set<RecordId>();
  for (const [id, { before, after }] of applied) if (before && !after) gone.add(id);
  for (const record of records.values()) {
    if (record.kind === "link" && isConcerned(applied, record) && !isWhole(records, record))
      gone.add(idOf(record));
  }
  const diff = new Map<RecordId, Change>();
  const put = (before: DocumentRecord, after: DocumentRecord | undefined) => {
    if (!isSame(before, after)) diff.set(idOf(before), { before, after });
  };
  const there = (id: RecordId) => !gone.has(id);
  for (const record of gone.size === 0 ? [] : records.values()) {
    if (gone.has(idOf(record))) put(record, undefined);
    else if (record.kind === "node") put(record, mendedNode(record, there));
    else if (record.kind === "sheet") put(record, mendedSheet(record, there));
  }
  return diff;
}

function isConcerned(applied: Diff, { scope, id, origin, target }: LinkRecord): boolean {
  return [linkId(scope, id), nodeId(scope, origin), nodeId(scope, target)].some((one) => applied.has(one));
}

function isWhole(records: Records, link: LinkRecord): boolean {
  const { scope, origin, target, targetSlot } = link;
  if (origin !== SUBGRAPH_INPUT && !records.has(nodeId(scope, origin))) return false;
  if (target === SUBGRAPH_OUTPUT) return true;
  const node = records.get(nodeId(scope, target));
  if (node?.kind !== "node") return false;
  const input = node.raw.inputs?.[targetSlot];
  return String(input?.link) === String(link.id);
}

function mendedNode(node: NodeRecord, there: (id: RecordId) => boolean): NodeRecord {
  const { scope, raw } = node;
  const has = (id: FileId) => there(linkId(scope, id));
  const { inputs, outputs } = raw;
  return {
    ...node,
    raw: {
      ...raw,
      ...(inputs && {
        inputs: inputs.map((one) => (one.link == null || has(one.link) ? one : { ...one, link: null })),
      }),
      ...(outputs && {
        outputs: outputs.map((one) => (one.links ? { ...one, links: one.links.filter(has) } : one)),
      }),
    },
  };
}

function mendedSheet(sheet: SheetRecord, there: (id: RecordId) => boolean): SheetRecord {
  const { nodes, links, groups, reroutes } = sheet;
  return {
    ...sheet,
    nodes: nodes.filter(there),
    links: links.filter(there),
    groups: groups.filter(there),
    reroutes: reroutes.filter(there),
  };
}
