import { describe, expect, it } from "vitest";
import type { Diff, Records } from "@/document/diff";
import { differenceOf } from "@/document/difference";
import { connect } from "@/document/links";
import { mendLinks } from "@/document/mend-links";
import { mergeDiffs } from "@/document/merge";
import { amendNode, moveItems, removeItems } from "@/document/nodes";
import {
  type LinkRecord,
  linkId,
  type NodeRecord,
  nodeId,
  type RawNode,
  ROOT,
  sheetId,
} from "@/document/records";
import { listRecords, newId } from "@/document/sheet-lists";
import type { DocumentStore } from "@/document/store";
import type { Transaction } from "@/document/transaction";
import { writeWorkflow } from "@/document/write";
import { sampleStore } from "../files/sample-workflow";

/** Return what comes of two changes of the sample, and the ids on which they do not agree. */
function merge(mine: (tx: Transaction) => void, theirs: (tx: Transaction) => void) {
  const [own, other] = [sampleStore(), sampleStore()];
  const base: Records = new Map(own.records);
  own.transact("mine", mine);
  other.transact("theirs", theirs);
  const { diff, conflicts } = mergeDiffs(differenceOf(base, own.records), differenceOf(base, other.records));
  apply(own, diff);
  apply(own, mendLinks(own.records, diff));
  return { store: own, conflicts };
}

const apply = (store: DocumentStore, diff: Diff) => store.apply("merge", diff);
const raw = (store: DocumentStore, id: number) => store.node(ROOT, id)?.raw;

function addText(tx: Transaction, title: string): number {
  const id = newId(tx, ROOT, "node");
  const node = tx.node(ROOT, 2) as NodeRecord;
  const fresh: RawNode = { ...node.raw, id, title, inputs: [{ name: "clip", type: "CLIP", link: null }] };
  tx.put({ kind: "node", scope: ROOT, raw: fresh });
  listRecords(tx, ROOT, "nodes", [nodeId(ROOT, id)]);
  connect(tx, ROOT, { origin: 1, originSlot: 1, target: id, targetSlot: 0 });
  return id;
}

describe("merging two changes of one workflow", () => {
  it("takes both where they concern different nodes", () => {
    const { store, conflicts } = merge(
      (tx) => amendNode(tx, ROOT, 1, { title: "mine" }),
      (tx) => amendNode(tx, ROOT, 2, { title: "theirs" }),
    );
    expect([raw(store, 1)?.title, raw(store, 2)?.title, conflicts]).toEqual(["mine", "theirs", []]);
  });

  it("takes both where they concern different sides of one node", () => {
    const { store, conflicts } = merge(
      (tx) => moveItems(tx, new Map([[nodeId(ROOT, 3), [5, 6]]])),
      (tx) => amendNode(tx, ROOT, 3, { widgets_values: [7, "fixed", 30, 8, "euler", "normal", 1] }),
    );
    expect(raw(store, 3)?.pos).toEqual([5, 6]);
    expect(raw(store, 3)?.widgets_values).toEqual([7, "fixed", 30, 8, "euler", "normal", 1]);
    expect(conflicts).toEqual([]);
  });

  it("keeps mine and tells of it where both set the same value", () => {
    const set = (steps: number) => (tx: Transaction) =>
      amendNode(tx, ROOT, 3, { widgets_values: [7, "fixed", steps, 8, "euler", "normal", 1] });
    const { store, conflicts } = merge(set(11), set(22));
    expect(raw(store, 3)?.widgets_values).toEqual([7, "fixed", 11, 8, "euler", "normal", 1]);
    expect(conflicts).toEqual([nodeId(ROOT, 3)]);
  });

  it("does not mix the two halves of a place", () => {
    const { store } = merge(
      (tx) => moveItems(tx, new Map([[nodeId(ROOT, 3), [1, 0]]])),
      (tx) => moveItems(tx, new Map([[nodeId(ROOT, 3), [800, 2]]])),
    );
    expect(raw(store, 3)?.pos).toEqual([1, 0]);
  });

  it("keeps both of two nodes that were added under one id, with the wires of each", () => {
    const { store, conflicts } = merge(
      (tx) => void addText(tx, "mine"),
      (tx) => void addText(tx, "theirs"),
    );
    const titles = store.sheet(ROOT).nodes.map((id) => (store.get(id) as NodeRecord).raw.title);
    expect(titles.slice(-2)).toEqual(["mine", "theirs"]);
    expect(conflicts).toEqual([]);
    const links = store.sheet(ROOT).links.map((id) => store.get(id) as LinkRecord);
    expect(links).toHaveLength(4);
    for (const { id, target, targetSlot } of links) {
      expect(raw(store, Number(target))?.inputs?.[targetSlot]?.link).toBe(id);
    }
    const outgoing = raw(store, 1)?.outputs?.[1]?.links;
    expect(outgoing).toEqual(links.filter(({ originSlot }) => originSlot === 1).map(({ id }) => id));
    const { rest } = store.sheet(ROOT);
    expect(rest.last_node_id).toBeGreaterThanOrEqual(Math.max(...links.map(({ target }) => Number(target))));
  });

  it("drops the wire that one side drew to a node which the other removed", () => {
    const { store } = merge(
      (tx) => removeItems(tx, ROOT, [nodeId(ROOT, 2)]),
      (tx) => void addText(tx, "theirs"),
    );
    expect(store.get(nodeId(ROOT, 2))).toBeUndefined();
    expect(store.get(linkId(ROOT, 2))).toBeUndefined();
    const outgoing = raw(store, 1)?.outputs?.[1]?.links ?? [];
    for (const id of outgoing) expect(store.get(linkId(ROOT, id))).toBeDefined();
    expect(store.sheet(ROOT).links.every((id) => store.get(id))).toBe(true);
  });

  it("lets one of two wires into the same input win, on both ends", () => {
    const other = (slot: number) => (tx: Transaction) =>
      void connect(tx, ROOT, { origin: 1, originSlot: slot, target: 2, targetSlot: 0 });
    const { store } = merge(other(0), other(2));
    const held = raw(store, 2)?.inputs?.[0]?.link;
    const links = store.sheet(ROOT).links.map((id) => store.get(id) as LinkRecord);
    expect(links.filter(({ target }) => target === 2).map(({ id }) => id)).toEqual([held]);
    expect(raw(store, 1)?.outputs?.flatMap((one) => one.links ?? [])).toHaveLength(links.length);
  });

  it("changes nothing where they changed nothing, byte for byte", () => {
    const before = JSON.stringify(writeWorkflow(sampleStore().records));
    const { store } = merge(
      () => undefined,
      () => undefined,
    );
    expect(JSON.stringify(writeWorkflow(store.records))).toBe(before);
    expect(store.get(sheetId(ROOT))).toBeDefined();
  });
});
