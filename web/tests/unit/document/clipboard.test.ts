import { describe, expect, test } from "vitest";
import { copyItems, pasteClip, readClip } from "@/document/clipboard";
import { makeSubgraph } from "@/document/make-subgraph";
import { readWorkflow } from "@/document/read";
import { type Json, nodeId, ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { definitionsOf } from "@/document/subgraph-definitions";
import { canonical } from "./canonical";
import { complaints } from "./invariants";
import { CATALOGUE } from "./object-info";

const WORKFLOW = {
  last_node_id: 3,
  last_link_id: 2,
  nodes: [
    { id: 1, type: "A", pos: [0, 0], outputs: [{ name: "X", type: "X", links: [1] }] },
    {
      id: 2,
      type: "B",
      pos: [200, 50],
      inputs: [{ name: "x", type: "X", link: 1 }],
      outputs: [{ name: "Y", type: "Y", links: [2] }],
    },
    { id: 3, type: "C", pos: [400, 10], inputs: [{ name: "y", type: "Y", link: 2 }], widgets_values: [1] },
  ],
  links: [
    [1, 1, 0, 2, 0, "X"],
    [2, 2, 0, 3, 0, "Y"],
  ],
  groups: [{ id: 1, title: "G", bounding: [190, 0, 300, 200] }],
  extra: { reroutes: [{ id: 1, pos: [300, 0], linkIds: [2] }], linkExtensions: [{ id: 2, parentId: 1 }] },
  version: 0.4,
};

const open = () => new DocumentStore(readWorkflow(WORKFLOW));
const ids = (...numbers: number[]) => numbers.map((id) => nodeId(ROOT, id));
/** Over JSON and back, as the system's clipboard has it. */
const over = (clip: unknown) => {
  const read = readClip(JSON.parse(JSON.stringify(clip)) as Json);
  if (!read) throw new Error("the clip was not read");
  return read;
};

describe("what is copied and pasted", () => {
  test("comes with the links between it, its points and groups, at the place that is said", () => {
    const store = open();
    const clip = over(copyItems(store.records, ROOT, [...ids(2, 3), `group:${ROOT}:1`]));
    const placed = store.transact("paste", (tx) =>
      pasteClip(tx, ROOT, clip, [1000, 1000], { keepWires: false }),
    );
    expect(placed.map((id) => store.get(id)?.kind)).toEqual(["node", "node", "group", "reroute"]);
    expect(store.node(ROOT, 4)?.raw).toMatchObject({
      type: "B",
      pos: [1010, 1050],
      inputs: [{ link: null }],
    });
    expect(store.node(ROOT, 5)?.raw).toMatchObject({ type: "C", inputs: [{ link: 3 }], widgets_values: [1] });
    expect(complaints(store.records)).toEqual([]);
    store.undo();
    expect(canonical(store.records, ROOT)).toEqual(canonical(open().records, ROOT));
  });

  test("is joined to what it was joined to where that is wanted", () => {
    const store = open();
    const clip = over(copyItems(store.records, ROOT, ids(2)));
    store.transact("paste", (tx) => pasteClip(tx, ROOT, clip, [0, 0], { keepWires: true }));
    expect(store.node(ROOT, 1)?.raw.outputs?.[0]?.links).toEqual([1, 3]);
  });

  test("is not joined to a node of another kind that has the id by chance", () => {
    const clip = over(copyItems(open().records, ROOT, ids(2)));
    const other = new DocumentStore(
      readWorkflow({ nodes: [{ id: 1, type: "Z", outputs: [{ name: "X", type: "X" }] }] }),
    );
    other.transact("paste", (tx) => pasteClip(tx, ROOT, clip, [0, 0], { keepWires: true }));
    expect(other.sheet(ROOT).links).toEqual([]);
  });

  test("brings its subgraphs along, as ones of their own, also into another workflow", () => {
    const store = open();
    const inner = store.transact("wrap", (tx) => makeSubgraph(tx, ROOT, ids(2), "Inner", CATALOGUE));
    const outer = store.transact("wrap", (tx) =>
      makeSubgraph(tx, ROOT, [nodeId(ROOT, inner.raw.id)], "Outer", CATALOGUE),
    );
    const clip = over(copyItems(store.records, ROOT, [nodeId(ROOT, outer.raw.id)]));
    const other = new DocumentStore(readWorkflow({ nodes: [] }));
    for (const target of [store, other]) {
      const before = definitionsOf(target.records).length;
      target.transact("paste", (tx) => pasteClip(tx, ROOT, clip, [0, 0], { keepWires: false }));
      expect(new Set(definitionsOf(target.records)).size).toBe(before + 2);
      expect(complaints(target.records)).toEqual([]);
    }
    expect(definitionsOf(other.records)).not.toContain(outer.raw.type);
  });
});

test.each([
  null,
  5,
  { nodes: [] },
  { format: "latentloom-clip" },
  { ...copyItems(open().records, ROOT, []), nodes: [{ id: 1 }] },
])("%j is nothing that was copied", (value) => {
  expect(readClip(JSON.parse(JSON.stringify(value)) as Json)).toBeUndefined();
});
