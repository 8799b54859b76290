import { expect, test } from "vitest";
import { type NodeRecord, nodeId, ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";

const ID = nodeId(ROOT, 1);
const node = (title: string, seed: number): NodeRecord => ({
  kind: "node",
  scope: ROOT,
  raw: { id: 1, type: "KSampler", title, widgets_values: [seed] },
});

function opened(): DocumentStore {
  return new DocumentStore(new Map([[ID, node("first", 1)]]));
}

test("what the editor does by itself is undone and redone with the step before it", () => {
  const store = opened();
  store.transact("edit.rename", (tx) => tx.put(node("second", 1)));
  store.follow((tx) => tx.put(node("second", 2)));
  expect(store.done.map(({ label }) => label)).toEqual(["edit.rename"]);
  store.undo();
  expect(store.get(ID)).toEqual(node("first", 1));
  store.redo();
  expect(store.get(ID)).toEqual(node("second", 2));
});

test("what was undone can still be redone", () => {
  const store = opened();
  store.transact("edit.rename", (tx) => tx.put(node("second", 1)));
  store.undo();
  store.follow((tx) => tx.put(node("first", 2)));
  expect(store.undone).toHaveLength(1);
  expect(store.redo()?.label).toBe("edit.rename");
});

test("without a step before, there is nothing to undo", () => {
  const store = opened();
  store.follow((tx) => tx.put(node("first", 2)));
  expect(store.get(ID)).toEqual(node("first", 2));
  expect(store.undo()).toBeUndefined();
});

test("while something is dragged, it joins the drag and goes with it", () => {
  const store = opened();
  const drag = store.gesture("edit.move");
  drag.update((tx) => tx.put(node("moved", 1)));
  store.follow((tx) => tx.put(node("moved", 2)));
  drag.update((tx) => tx.put(node("moved further", 2)));
  drag.commit();
  expect(store.done).toHaveLength(1);
  store.undo();
  expect(store.get(ID)).toEqual(node("first", 1));
});
