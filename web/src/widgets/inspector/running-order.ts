/** The order in which the nodes of a sheet can run. */

import { type LinkRecord, type NodeRecord, nodeId, type RecordId, type Scope } from "@/document/records";
import type { DocumentStore } from "@/document/store";

interface Waiting {
  readonly record: NodeRecord;
  /** Wires that come from nodes that are not in the order yet. */
  open: number;
  readonly next: RecordId[];
}

const isNode = (record: { readonly kind: string } | undefined): record is NodeRecord =>
  record?.kind === "node";
const isLink = (record: { readonly kind: string } | undefined): record is LinkRecord =>
  record?.kind === "link";

function waitingOf(store: DocumentStore, scope: Scope): Map<RecordId, Waiting> {
  const sheet = store.sheet(scope);
  const waiting = new Map<RecordId, Waiting>();
  for (const id of sheet.nodes) {
    const record = store.get(id);
    if (isNode(record)) waiting.set(id, { record, open: 0, next: [] });
  }
  for (const id of sheet.links) {
    const link = store.get(id);
    if (!isLink(link)) continue;
    const [from, to] = [nodeId(scope, link.origin), nodeId(scope, link.target)];
    const target = waiting.get(to);
    const origin = waiting.get(from);
    if (!target || !origin) continue;
    origin.next.push(to);
    target.open += 1;
  }
  return waiting;
}

/**
 * Return the nodes of a sheet, each after those that it takes something from; else in the order of the file.
 * Nodes on a circle, which cannot run, come last.
 */
export function runningOrder(store: DocumentStore, scope: Scope): readonly RecordId[] {
  const waiting = waitingOf(store, scope);
  const order = [...waiting].filter(([, { open }]) => open === 0).map(([id]) => id);
  for (const id of order) {
    for (const next of waiting.get(id)?.next ?? []) {
      const target = waiting.get(next);
      if (!target) continue;
      target.open -= 1;
      if (target.open === 0) order.push(next);
    }
  }
  const found = new Set(order);
  return [...order, ...[...waiting.keys()].filter((id) => !found.has(id))];
}

/** Return the nodes that get something from a node, directly or by way of others, itself included. */
export function nodesBehind(store: DocumentStore, scope: Scope, start: RecordId): ReadonlySet<RecordId> {
  return reached(store, scope, start, "behind");
}

/** Return the nodes that a node gets something from, directly or by way of others, itself included. */
export function nodesBefore(store: DocumentStore, scope: Scope, start: RecordId): ReadonlySet<RecordId> {
  return reached(store, scope, start, "before");
}

function reached(
  store: DocumentStore,
  scope: Scope,
  start: RecordId,
  way: "behind" | "before",
): Set<RecordId> {
  const next = new Map<RecordId, RecordId[]>();
  for (const id of store.sheet(scope).links) {
    const link = store.get(id);
    if (!isLink(link)) continue;
    const ends = [nodeId(scope, link.origin), nodeId(scope, link.target)] as const;
    const [from, to] = way === "behind" ? ends : ([ends[1], ends[0]] as const);
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const found = new Set<RecordId>([start]);
  for (const id of found) for (const one of next.get(id) ?? []) found.add(one);
  return found;
}
