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
  const gone = goneIn(records, applied);
  const diff = new Map<RecordId, Change>();
  if (gone.size === 0) return diff;
  const there = (id: RecordId) => !gone.has(id);
  for (const record of records.values()) {
    const after = mended(record, there);
    if (!isSame(record, after)) diff.set(idOf(record), { before: record, after });
  }
  return diff;
}

/** Return what the diff took away, and the links that have lost an end by it. */
function goneIn(records: Records, applied: Diff): ReadonlySet<RecordId> {
  const gone = new Set([...applied].filter(([, { before, after }]) => before && !after).map(([id]) => id));
  for (const record of records.values()) {
    if (record.kind !== "link" || !isConcerned(applied, record)) continue;
    if (!isWhole(records, record)) gone.add(idOf(record));
  }
  return gone;
}

function mended(record: DocumentRecord, there: (id: RecordId) => boolean): DocumentRecord | undefined {
  if (!there(idOf(record))) return undefined;
  if (record.kind === "node") return mendedNode(record, there);
  return record.kind === "sheet" ? mendedSheet(record, there) : record;
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
