import fc from "fast-check";
import { expect, it } from "vitest";
import type { Records } from "@/document/diff";
import { differenceOf } from "@/document/difference";
import { connect } from "@/document/links";
import { mendLinks } from "@/document/mend-links";
import { mergeDiffs } from "@/document/merge";
import { moveItems, removeItems } from "@/document/nodes";
import { readWorkflow } from "@/document/read";
import {
  idOf,
  type LinkRecord,
  linkId,
  type NodeRecord,
  nodeId,
  type RawNode,
  ROOT,
} from "@/document/records";
import { listRecords, newId } from "@/document/sheet-lists";
import type { DocumentStore } from "@/document/store";
import { writeWorkflow } from "@/document/write";
import { sampleStore } from "../files/sample-workflow";

const action = fc.record({
  kind: fc.constantFrom("add", "remove", "connect", "move"),
  one: fc.nat(20),
  other: fc.nat(20),
  slot: fc.nat(2),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const nodesOf = (store: DocumentStore): NodeRecord[] =>
  store.sheet(ROOT).nodes.map((id) => store.get(id) as NodeRecord);

function act(store: DocumentStore, { kind, one, other, slot }: Action): void {
  const nodes = nodesOf(store);
  const [from, to] = [nodes[one % nodes.length], nodes[other % nodes.length]];
  store.transact(kind, (tx) => {
    if (kind === "add" || !from || !to) {
      const id = newId(tx, ROOT, "node");
      const raw: RawNode = {
        id,
        type: "Test",
        pos: [one, other],
        size: [100, 100],
        inputs: [{ name: "in", type: "*", link: null }],
        outputs: [{ name: "out", type: "*", links: [] }],
      };
      tx.put({ kind: "node", scope: ROOT, raw });
      listRecords(tx, ROOT, "nodes", [nodeId(ROOT, id)]);
    } else if (kind === "remove") removeItems(tx, ROOT, [idOf(from)]);
    else if (kind === "move") moveItems(tx, new Map([[idOf(from), [one, other]]]));
    else if (from !== to && from.raw.outputs?.[slot] && to.raw.inputs?.[0]) {
      connect(tx, ROOT, { origin: from.raw.id, originSlot: slot, target: to.raw.id, targetSlot: 0 });
    }
  });
}

function merged(mine: readonly Action[], theirs: readonly Action[]): DocumentStore {
  const [own, other] = [sampleStore(), sampleStore()];
  const base: Records = new Map(own.records);
  for (const one of mine) act(own, one);
  for (const one of theirs) act(other, one);
  const { diff } = mergeDiffs(differenceOf(base, own.records), differenceOf(base, other.records));
  own.apply("merge", diff);
  own.apply("mend", mendLinks(own.records, diff));
  return own;
}

/** Return what does not agree in a workflow. */
function faults(store: DocumentStore): string[] {
  const found: string[] = [];
  const sheet = store.sheet(ROOT);
  for (const id of [...sheet.nodes, ...sheet.links])
    if (!store.get(id)) found.push(`${id} is listed and not there`);
  if (new Set(sheet.nodes).size !== sheet.nodes.length) found.push("a node is listed twice");
  for (const record of store.records.values()) {
    if (record.kind === "link") found.push(...linkFaults(store, record));
    if (record.kind === "node") found.push(...socketFaults(store, record));
  }
  return found;
}

function linkFaults(store: DocumentStore, link: LinkRecord): string[] {
  const id = idOf(link);
  const from = store.node(ROOT, link.origin)?.raw.outputs?.[link.originSlot];
  const to = store.node(ROOT, link.target)?.raw.inputs?.[link.targetSlot];
  return [
    ...(store.sheet(ROOT).links.includes(id) ? [] : [`${id} is not listed`]),
    ...(from?.links?.includes(link.id) ? [] : [`${id} is not at its output`]),
    ...(to?.link === link.id ? [] : [`${id} is not at its input`]),
  ];
}

function socketFaults(store: DocumentStore, { raw }: NodeRecord): string[] {
  const ids = [
    ...(raw.inputs ?? []).flatMap(({ link }) => link ?? []),
    ...(raw.outputs ?? []).flatMap(({ links }) => links ?? []),
  ];
  return ids
    .filter((id) => !store.get(linkId(ROOT, id)))
    .map((id) => `node ${raw.id} has link ${id}, which is gone`);
}

it("leaves every wire with both its ends, whatever two sides did", () => {
  const actions = fc.array(action, { maxLength: 12 });
  fc.assert(
    fc.property(actions, actions, (mine, theirs) => {
      expect(faults(merged(mine, theirs))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

// Equal nodes that both sides added under one id, or moved to one place, count as one: a change that both made.
const elsewhere = (list: readonly Action[]): Action[] =>
  list.map((one) => (one.kind === "add" || one.kind === "move" ? { ...one, one: one.one + 100 } : one));

it("keeps every node that one side added", () => {
  const actions = fc.array(action, { maxLength: 8 });
  const added = (list: readonly Action[]) => list.filter(({ kind }) => kind === "add").length;
  fc.assert(
    fc.property(actions, actions, (one, other) => {
      const [mine, theirs] = [one, other].map((list) => list.filter(({ kind }) => kind !== "remove"));
      const count = nodesOf(merged(mine ?? [], elsewhere(theirs ?? []))).length;
      expect(count).toBe(3 + added(mine ?? []) + added(theirs ?? []));
    }),
    { numRuns: 300 },
  );
});

it("gives a file that is read as it was written", () => {
  const actions = fc.array(action, { maxLength: 12 });
  fc.assert(
    fc.property(actions, actions, (mine, theirs) => {
      const json = writeWorkflow(merged(mine, theirs).records);
      const again = writeWorkflow(readWorkflow(structuredClone(json) as typeof json));
      expect(again).toEqual(json);
    }),
    { numRuns: 200 },
  );
});
