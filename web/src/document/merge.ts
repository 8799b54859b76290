/** Two diffs of one state made into one: what two tabs, or two people, changed at the same time. */

import type { Change, Diff } from "./diff";
import { isSame } from "./difference";
import type { DocumentRecord, Json, NodeRecord, RecordId, SheetRecord } from "./records";
import { isObject } from "./records";
import { renumbered } from "./renumber";

/** The merged diff, and the records that both changed in ways that do not go together. */
export interface Merged {
  readonly diff: Diff;
  /** Here the merged diff does what `mine` does. */
  readonly conflicts: readonly RecordId[];
}

/**
 * Merge two diffs that start from the same state. Where both change one record, each part of it that only one of
 * them changes is taken from that one. What both added under one id gets a new id on the side of `theirs`. Links
 * that lead nowhere afterwards are left to `mendLinks`.
 */
export function mergeDiffs(mine: Diff, theirs: Diff): Merged {
  const other = renumbered(theirs, mine);
  const diff = new Map<RecordId, Change>(mine);
  const conflicts: RecordId[] = [];
  for (const [id, change] of other) {
    const own = mine.get(id);
    if (!own) {
      diff.set(id, change);
      continue;
    }
    const { after, conflict } = mergeRecords(change.before, own.after, change.after);
    diff.set(id, { before: own.before, after });
    if (conflict) conflicts.push(id);
  }
  return { diff, conflicts };
}

interface Result<T> {
  readonly after: T;
  readonly conflict: boolean;
}

function mergeRecords(
  before: DocumentRecord | undefined,
  mine: DocumentRecord | undefined,
  theirs: DocumentRecord | undefined,
): Result<DocumentRecord | undefined> {
  if (isSame(mine, theirs)) return { after: mine, conflict: false };
  if (before?.kind === "sheet" && mine?.kind === "sheet" && theirs?.kind === "sheet") {
    return { after: mergeSheets(before, mine, theirs), conflict: false };
  }
  if (before?.kind === "node" && mine?.kind === "node" && theirs?.kind === "node") {
    return mergeNodes(before, mine, theirs);
  }
  return { after: mine, conflict: true };
}

function mergeNodes(before: NodeRecord, mine: NodeRecord, theirs: NodeRecord): Result<NodeRecord> {
  const conflicts: string[] = [];
  const raw = mergeJson(before.raw as Json, mine.raw as Json, theirs.raw as Json, "", conflicts);
  // In which order nodes run is worked out anew each time; it is nobody's work.
  const conflict = conflicts.some((key) => key !== "order");
  return { after: { ...mine, raw: raw as unknown as NodeRecord["raw"] }, conflict };
}

/** What belongs together although it is a list. */
const WHOLE = new Set(["pos", "size", "bounding"]);

/** Return the merged value; the keys under which both changed something differently are added to `conflicts`. */
function mergeJson(before: Json, mine: Json, theirs: Json, key: string, conflicts: string[]): Json {
  if (isSame(mine, theirs) || isSame(before, theirs)) return mine;
  if (isSame(before, mine)) return theirs;
  if (isObject(before) && isObject(mine) && isObject(theirs)) {
    const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
    const merged = [...keys].map((one) => {
      const parts = [before[one], mine[one], theirs[one]] as [Json, Json, Json];
      return [one, mergeJson(...parts, one, conflicts)];
    });
    return Object.fromEntries(merged.filter(([, value]) => value !== undefined)) as Json;
  }
  if (key === "links") return mergeLists(listOf(before), listOf(mine), listOf(theirs));
  if (Array.isArray(before) && Array.isArray(mine) && Array.isArray(theirs) && !WHOLE.has(key)) {
    if (before.length === mine.length && mine.length === theirs.length) {
      return mine.map((value, at) => mergeJson(before[at], value, theirs[at], key, conflicts));
    }
  }
  conflicts.push(key);
  return mine;
}

/** The links of an output that has none are null in some files, and left out in others. */
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function mergeSheets(before: SheetRecord, mine: SheetRecord, theirs: SheetRecord): SheetRecord {
  return {
    ...mine,
    rest: mergeRest(before.rest, mine.rest, theirs.rest) as SheetRecord["rest"],
    nodes: mergeLists(before.nodes, mine.nodes, theirs.nodes),
    links: mergeLists(before.links, mine.links, theirs.links),
    groups: mergeLists(before.groups, mine.groups, theirs.groups),
    reroutes: mergeLists(before.reroutes, mine.reroutes, theirs.reroutes),
    definitions: mergeLists(before.definitions, mine.definitions, theirs.definitions),
  };
}

/** Counters of ids go on from the higher one. */
const COUNTER = /^last_?(node|link|group|reroute)_?id$/i;

function mergeRest(before: Json, mine: Json, theirs: Json): Json {
  const merged = mergeJson(before, mine, theirs, "", []);
  return isObject(merged) ? counted(merged, theirs) : merged;
}

function counted(merged: Readonly<Record<string, Json>>, theirs: Json): Json {
  if (!isObject(theirs)) return merged;
  const entries = Object.entries(merged).map(([key, value]): [string, Json] => {
    const other = theirs[key];
    if (COUNTER.test(key) && typeof value === "number" && typeof other === "number") {
      return [key, Math.max(value, other)];
    }
    return [key, key === "state" && isObject(value) && other ? counted(value, other) : value];
  });
  return Object.fromEntries(entries);
}

/** Return my list with what they added at its end, and without what they took away. */
function mergeLists<T>(before: readonly T[], mine: readonly T[], theirs: readonly T[]): readonly T[] {
  const [base, own, other] = [new Set(before), new Set(mine), new Set(theirs)];
  const kept = mine.filter((one) => other.has(one) || !base.has(one));
  return [...kept, ...theirs.filter((one) => !base.has(one) && !own.has(one))];
}
