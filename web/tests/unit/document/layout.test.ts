import Layouter from "elkjs/lib/elk.bundled.js";
import { expect, test } from "vitest";
import { applyArrangement, layoutGraph, placesFrom } from "@/document/layout";
import { removeItems } from "@/document/nodes";
import { readWorkflow } from "@/document/read";
import { groupId, nodeId, ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";

const WORKFLOW = {
  nodes: [
    { id: 1, type: "B", pos: [500, 300], size: [100, 100], inputs: [{ name: "x", type: "X", link: 1 }] },
    { id: 2, type: "A", pos: [900, 100], size: [200, 100], outputs: [{ name: "X", type: "X", links: [1] }] },
    { id: 3, type: "C", pos: [100, 100], size: [100, 100], flags: { pinned: true } },
  ],
  links: [[1, 2, 0, 1, 0, "X"]],
  groups: [{ id: 1, title: "G", bounding: [450, 200, 200, 250] }],
};
const SIZES = new Map([
  [nodeId(ROOT, 1), [100, 100] as const],
  [nodeId(ROOT, 2), [200, 100] as const],
]);

test("an arrangement has what gives to the left of what takes, groups around their nodes, and pinned nodes left out", async () => {
  const store = new DocumentStore(readWorkflow(WORKFLOW));
  const graph = await new Layouter().layout(layoutGraph(store.records, ROOT, SIZES));
  const moves = placesFrom(store.records, graph);
  expect([...moves.keys()].sort()).toEqual([groupId(ROOT, "1"), nodeId(ROOT, 1), nodeId(ROOT, 2)]);
  store.transact("arrange", (tx) => applyArrangement(tx, ROOT, moves, SIZES));
  const [x = 0, y = 0] = (store.node(ROOT, 1)?.raw.pos ?? []) as number[];
  const [from = 0] = (store.node(ROOT, 2)?.raw.pos ?? []) as number[];
  expect(x).toBeGreaterThan(from + 200);
  expect(store.get(groupId(ROOT, "1"))).toMatchObject({ raw: { bounding: [x - 16, y - 90, 132, 206] } });
});

test("what is deleted while it is being arranged is left out, and the rest moves", async () => {
  const store = new DocumentStore(readWorkflow(WORKFLOW));
  const graph = await new Layouter().layout(layoutGraph(store.records, ROOT, SIZES));
  store.transact("remove", (tx) => removeItems(tx, ROOT, [nodeId(ROOT, 1)]));
  const moves = placesFrom(store.records, graph);
  store.transact("arrange", (tx) => applyArrangement(tx, ROOT, moves, SIZES));
  expect(store.node(ROOT, 2)?.raw.pos).toEqual(moves.get(nodeId(ROOT, 2)));
  expect(store.node(ROOT, 1)).toBeUndefined();
});
