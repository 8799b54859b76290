/** New ids for what two diffs both added under the same ones. */

import type { Change, Diff } from "./diff";
import { isSame } from "./difference";
import {
  type DocumentRecord,
  type FileId,
  groupId,
  idOf,
  isObject,
  type Json,
  linkId,
  nodeId,
  type RawNode,
  type RecordId,
  rerouteId,
  type SheetRecord,
} from "./records";

/** New ids by the records that had them. */
type NewIds = ReadonlyMap<RecordId, number>;

/** Return `diff` with new ids for the nodes, links, groups and reroutes that `taken` adds under the same ones. */
export function renumbered(diff: Diff, taken: Diff): Diff {
  const ids = newIds(diff, taken);
  if (ids.size === 0) return diff;
  return new Map(
    [...diff].map(([id, change]): [RecordId, Change] => {
      const after = change.after && withNewIds(change.after, ids);
      return [after ? idOf(after) : id, { before: change.before, after }];
    }),
  );
}

function newIds(diff: Diff, taken: Diff): NewIds {
  const both = [...diff].flatMap(([id, { before, after }]) => {
    const other = taken.get(id)?.after;
    return before || !after || !other || after.kind === "sheet" ? [] : [{ id, record: after, other }];
  });
  const apart = both.filter(({ record, other }) => !isSame(record, other));
  const scopes = new Set(apart.map(({ record }) => record.scope));
  // Equal links and reroutes mean something else as soon as what they are between has another id.
  const moved = both.filter(
    (one) => apart.includes(one) || (scopes.has(one.record.scope) && isWay(one.record)),
  );
  let last = Math.max(highest(diff), highest(taken));
  return new Map(moved.map(({ id }) => [id, ++last]));
}

const isWay = ({ kind }: DocumentRecord): boolean => kind === "link" || kind === "reroute";

/** Return the highest id that a diff mentions, counters included. */
function highest(diff: Diff): number {
  let most = 0;
  for (const { after } of diff.values()) {
    if (after?.kind !== "sheet") most = Math.max(most, Number(after && ownId(after)) || 0);
    else for (const counter of countersOf(after)) most = Math.max(most, counter);
  }
  return most;
}

function ownId(record: Exclude<DocumentRecord, SheetRecord>): FileId {
  if (record.kind === "link") return record.id;
  return record.kind === "group" ? record.key : record.raw.id;
}

function countersOf({ rest }: SheetRecord): number[] {
  const state = isObject(rest.state) ? Object.values(rest.state) : [];
  const counters = [rest.last_node_id, rest.last_link_id, ...state];
  return counters.filter((counter): counter is number => typeof counter === "number");
}

function withNewIds(record: DocumentRecord, ids: NewIds): DocumentRecord {
  const { scope } = record;
  const node = (id: FileId): FileId => ids.get(nodeId(scope, id)) ?? id;
  const link = (id: FileId): FileId => ids.get(linkId(scope, id)) ?? id;
  const reroute = (id: number): number => ids.get(rerouteId(scope, id)) ?? id;
  switch (record.kind) {
    case "node":
      return { ...record, raw: { ...withLinks(record.raw, link), id: node(record.raw.id) } };
    case "link": {
      const { id, origin, target, parent } = record;
      const moved = { ...record, id: link(id), origin: node(origin), target: node(target) };
      return parent === undefined ? moved : { ...moved, parent: reroute(parent) };
    }
    case "reroute": {
      const { id, parentId, linkIds } = record.raw;
      const raw = { ...record.raw, id: reroute(id), ...(linkIds && { linkIds: linkIds.map(link) }) };
      return { ...record, raw: parentId === undefined ? raw : { ...raw, parentId: reroute(parentId) } };
    }
    case "group": {
      const id = ids.get(groupId(scope, record.key));
      return id === undefined ? record : { ...record, key: String(id), raw: { ...record.raw, id } };
    }
    case "sheet":
      return sheetWithNewIds(record, ids);
  }
}

function withLinks(raw: RawNode, link: (id: FileId) => FileId): RawNode {
  const { inputs, outputs } = raw;
  return {
    ...raw,
    ...(inputs && {
      inputs: inputs.map((one) => (one.link == null ? one : { ...one, link: link(one.link) })),
    }),
    ...(outputs && {
      outputs: outputs.map((one) => (one.links ? { ...one, links: one.links.map(link) } : one)),
    }),
  };
}

function sheetWithNewIds(sheet: SheetRecord, ids: NewIds): SheetRecord {
  const { scope, nodes, links, groups, reroutes } = sheet;
  const listed = (list: readonly RecordId[], make: (id: number) => RecordId) =>
    list.map((id) => {
      const fresh = ids.get(id);
      return fresh === undefined ? id : make(fresh);
    });
  const own = [...nodes, ...links, ...groups, ...reroutes].map((id) => ids.get(id) ?? 0);
  return {
    ...sheet,
    rest: atLeast(sheet.rest, Math.max(0, ...own)),
    nodes: listed(nodes, (id) => nodeId(scope, id)),
    links: listed(links, (id) => linkId(scope, id)),
    groups: listed(groups, (id) => groupId(scope, String(id))),
    reroutes: listed(reroutes, (id) => rerouteId(scope, id)),
  };
}

/** Let all counters of a sheet go on after the new ids. */
function atLeast(rest: SheetRecord["rest"], id: number): SheetRecord["rest"] {
  const raised = (value: Json | undefined): Json =>
    typeof value === "number" ? Math.max(value, id) : (value ?? id);
  const counters = Object.fromEntries(
    ["last_node_id", "last_link_id"].filter((key) => key in rest).map((key) => [key, raised(rest[key])]),
  );
  const state = isObject(rest.state)
    ? { state: Object.fromEntries(Object.entries(rest.state).map(([key, value]) => [key, raised(value)])) }
    : {};
  return { ...rest, ...counters, ...state };
}
