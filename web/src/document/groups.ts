/** Groups: titled frames; what lies within one moves with it. */

import { pairOf } from "./placement";
import {
  type GroupRecord,
  groupId,
  type Json,
  type JsonObject,
  type RawGroup,
  type RecordId,
  type RecordSource,
  type Scope,
  sheetOf,
} from "./records";
import { listRecords, newId } from "./sheet-lists";
import type { Transaction } from "./transaction";

/** Upper left corner, width and height in canvas pixels. */
export type Bounding = readonly [number, number, number, number];

const SIZE: Bounding = [0, 0, 140, 80];
/** Height of the title of nodes, which lies above their position. */
const NODE_TITLE = 30;
/** Height of a group's own title. */
const GROUP_TITLE = 34;
const PADDING = 10;

/** Return the frame of a group, as the file has it; its title lies within, at the top. */
export function boundingOf(raw: RawGroup): Bounding {
  const given: readonly Json[] = Array.isArray(raw.bounding) ? raw.bounding : [];
  const at = (place: 0 | 1 | 2 | 3) => {
    const value = given[place];
    return typeof value === "number" && Number.isFinite(value) ? value : SIZE[place];
  };
  return [at(0), at(1), at(2), at(3)];
}

/** Add a group to a sheet, behind those that it has; return it. */
export function addGroup(tx: Transaction, scope: Scope, title: string, bounding: Bounding): GroupRecord {
  const id = newId(tx, scope, "group");
  const raw = { id, title, bounding: [...bounding], color: "#3f789e", font_size: 24, flags: {} };
  const group: GroupRecord = { kind: "group", scope, key: String(id), raw };
  tx.put(group);
  listRecords(tx, scope, "groups", [groupId(scope, group.key)]);
  return group;
}

/**
 * Change what a group's JSON says; a key with undefined is taken away.
 *
 * @throws RangeError The sheet has no such group.
 */
export function amendGroup(tx: Transaction, scope: Scope, key: string, patch: Partial<RawGroup>): void {
  const group = tx.group(scope, key);
  if (!group) throw new RangeError(`the sheet "${scope}" has no group ${key}`);
  const raw: Record<string, Json | undefined> = { ...group.raw, ...patch };
  for (const name of Object.keys(patch)) if (patch[name] === undefined) delete raw[name];
  tx.put({ ...group, raw });
}

/** Return the nodes whose middle lies in a group, the reroutes in it, and the groups that are wholly in it. */
export function itemsInGroup(records: RecordSource, group: GroupRecord): RecordId[] {
  const sheet = sheetOf(records, group.scope);
  if (!sheet) return [];
  const own = groupId(group.scope, group.key);
  const frame = boundingOf(group.raw);
  return [...sheet.nodes, ...sheet.groups, ...sheet.reroutes].filter(
    (id) => id !== own && liesIn(records, id, frame),
  );
}

function liesIn(records: RecordSource, id: RecordId, frame: Bounding): boolean {
  const bounds = boundsOfItem(records, id);
  if (!bounds) return false;
  const [x, y, width, height] = bounds;
  if (records.get(id)?.kind !== "group") return isWithin(frame, x + width / 2, y + height / 2);
  return isWithin(frame, x, y) && isWithin(frame, x + width, y + height);
}

function isWithin([left, top, width, height]: Bounding, x: number, y: number): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

/** Return the frame of a node (its title included), a group or a reroute, by the sizes that the file has. */
function boundsOfItem(records: RecordSource, id: RecordId): Bounding | undefined {
  const record = records.get(id);
  if (record?.kind === "group") return boundingOf(record.raw);
  if (record?.kind !== "node" && record?.kind !== "reroute") return undefined;
  const [x, y] = pairOf(record.raw.pos, [0, 0]);
  if (record.kind === "reroute") return [x, y, 0, 0];
  const [width, height] = pairOf(record.raw.size, [0, 0]);
  const flags: JsonObject = record.raw.flags ?? {};
  return [x, y - NODE_TITLE, width, flags.collapsed === true ? NODE_TITLE : height + NODE_TITLE];
}

/** Return the frame around several items, or undefined where there is none of them. */
export function boundsAround(records: RecordSource, ids: Iterable<RecordId>): Bounding | undefined {
  const all = [...ids].flatMap((id) => [boundsOfItem(records, id) ?? []].filter((one) => one.length === 4));
  if (all.length === 0) return undefined;
  const left = Math.min(...all.map(([x]) => x));
  const top = Math.min(...all.map(([, y]) => y));
  const right = Math.max(...all.map(([x, , width]) => x + width));
  const bottom = Math.max(...all.map(([, y, , height]) => y + height));
  return [left, top, right - left, bottom - top];
}

/**
 * Add a group that lies around some items.
 *
 * @throws RangeError None of the items is there.
 */
export function addGroupAround(
  tx: Transaction,
  scope: Scope,
  title: string,
  ids: Iterable<RecordId>,
): GroupRecord {
  const bounds = boundsAround(tx, ids);
  if (!bounds) throw new RangeError("there is nothing to put a group around");
  const [x, y, width, height] = bounds;
  const top = GROUP_TITLE + PADDING;
  return addGroup(tx, scope, title, [x - PADDING, y - top, width + 2 * PADDING, height + top + PADDING]);
}
