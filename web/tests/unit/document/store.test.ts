import { describe, expect, test, vi } from "vitest";
import { invert, squash } from "@/document/diff";
import { moveItems } from "@/document/nodes";
import { readWorkflow } from "@/document/read";
import { nodeId, type Point, type RecordId, ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";

const ONE = nodeId(ROOT, 1);
const TWO = nodeId(ROOT, 2);
const open = () =>
  new DocumentStore(
    readWorkflow({
      nodes: [
        { id: 1, type: "A", pos: [0, 0] },
        { id: 2, type: "A", pos: [0, 0] },
      ],
    }),
  );
const place = (store: DocumentStore) => store.node(ROOT, 1)?.raw.pos;
const move = (store: DocumentStore, to: Point, merge = "") =>
  store.transact("move", (tx) => moveItems(tx, new Map([[ONE, to]])), merge);

describe("a step", () => {
  test("is taken back and done again", () => {
    const store = open();
    move(store, [1, 1]);
    move(store, [2, 2]);
    expect(store.undo()?.label).toBe("move");
    expect(place(store)).toEqual([1, 1]);
    expect(store.redo()?.label).toBe("move");
    expect(place(store)).toEqual([2, 2]);
    expect([store.undo(), store.undo(), store.undo()].map((step) => step?.label)).toEqual([
      "move",
      "move",
      undefined,
    ]);
  });

  test("after one that was taken back ends what could be done again", () => {
    const store = open();
    move(store, [1, 1]);
    store.undo();
    move(store, [3, 3]);
    expect(store.redo()).toBeUndefined();
    expect(store.done).toHaveLength(1);
  });

  test("that throws changes nothing", () => {
    const store = open();
    const change = () =>
      store.transact("bad", (tx) => {
        moveItems(tx, new Map([[ONE, [9, 9]]]));
        throw new Error("no");
      });
    expect(change).toThrow("no");
    expect(place(store)).toEqual([0, 0]);
    expect(store.done).toEqual([]);
  });

  test("that changes nothing is none", () => {
    const store = open();
    store.transact("nothing", () => undefined);
    expect(store.done).toEqual([]);
  });

  test("joins the one before with the same key, but not after an undo", () => {
    const store = open();
    move(store, [1, 1], "k");
    move(store, [2, 2], "k");
    expect(store.done).toHaveLength(1);
    store.undo();
    expect(place(store)).toEqual([0, 0]);
    store.redo();
    move(store, [3, 3], "k");
    expect(store.done).toHaveLength(2);
  });
});

describe("a gesture", () => {
  test("is one step when it is committed, and none when it is cancelled", () => {
    const store = open();
    const drag = store.gesture("drag");
    for (const at of [1, 2, 3]) drag.update((tx) => moveItems(tx, new Map([[ONE, [at, at]]])));
    drag.commit();
    expect(store.done).toHaveLength(1);
    const other = store.gesture("drag");
    other.update((tx) => moveItems(tx, new Map([[ONE, [9, 9]]])));
    other.cancel();
    expect(place(store)).toEqual([3, 3]);
    store.undo();
    expect(place(store)).toEqual([0, 0]);
  });

  test("is committed by whatever comes in between, and then does nothing more", () => {
    const store = open();
    const drag = store.gesture("drag");
    drag.update((tx) => moveItems(tx, new Map([[ONE, [1, 1]]])));
    move(store, [2, 2]);
    drag.update((tx) => moveItems(tx, new Map([[ONE, [9, 9]]])));
    drag.cancel();
    expect(place(store)).toEqual([2, 2]);
    expect(store.done.map(({ label }) => label)).toEqual(["drag", "move"]);
  });

  test("that ends where it began is no step", () => {
    const store = open();
    const before = store.get(ONE);
    const drag = store.gesture("drag");
    drag.update((tx) => moveItems(tx, new Map([[ONE, [1, 1]]])));
    drag.update((tx) => before && tx.put(before));
    drag.commit();
    expect(store.done).toEqual([]);
  });
});

test("those who watch a record hear of it alone, until they stop", () => {
  const store = open();
  const [one, two, every] = [vi.fn(), vi.fn(), vi.fn()];
  const stop = store.watch(ONE, one);
  store.watch(TWO, two);
  const end = store.subscribe(every);
  move(store, [1, 1]);
  expect([one, two, every].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
  stop();
  end();
  store.undo();
  expect([one, two, every].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
});

test("several diffs are one, and one that is taken back is nothing", () => {
  const store = open();
  const diffs = [1, 2, 3].map((at) => {
    move(store, [at, at]);
    return store.done.at(-1)?.diff ?? new Map();
  });
  const whole = squash(diffs);
  expect(whole.get(ONE)?.before).toMatchObject({ raw: { pos: [0, 0] } });
  expect(whole.get(ONE)?.after).toMatchObject({ raw: { pos: [3, 3] } });
  expect(squash([whole, invert(whole)]).size).toBe(0);
});

test("a change from elsewhere is a step like any other", () => {
  const [store, other] = [open(), open()];
  move(other, [7, 7]);
  store.apply("merge", other.done[0]?.diff ?? new Map());
  expect(place(store)).toEqual([7, 7]);
  store.undo();
  expect(place(store)).toEqual([0, 0]);
});

test("undo of a move among 2,000 nodes touches the one that was moved", () => {
  const nodes = Array.from({ length: 2000 }, (_, id) => ({ id, type: "A", pos: [id, id] }));
  const store = new DocumentStore(readWorkflow({ nodes }));
  const before = new Map(store.records);
  store.transact("one", (tx) => moveItems(tx, new Map([[ONE, [7, 8]]])));
  const touched: RecordId[] = [];
  store.subscribe((diff) => touched.push(...diff.keys()));
  store.undo();
  expect(touched).toEqual([ONE]);
  for (const [id, record] of before) expect(store.get(id)).toBe(record);
});

test("a document has another version after each change, taken back ones too", () => {
  const store = open();
  const seen = [store.version];
  const look = () => seen.push(store.version);
  move(store, [1, 1]);
  look();
  store.undo();
  look();
  store.transact("nothing", () => undefined);
  expect(new Set(seen).size).toBe(seen.length);
  expect(store.version).toBe(seen.at(-1));
});
