import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Diff, NO_CHANGE, squash } from "@/document/diff";
import { amendNode, moveItems } from "@/document/nodes";
import { type NodeRecord, nodeId, ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { writeWorkflow } from "@/document/write";
import { type DraftFacts, JournalWriter, KEPT_STEPS, readJournal } from "@/files/journal";
import { revive } from "@/files/revive";
import { sampleStore } from "./sample-workflow";

const FACTS: DraftFacts = {
  id: "one",
  title: "Sample",
  path: null,
  tag: null,
  savedSteps: 0,
  scopes: [ROOT],
  viewports: { [ROOT]: { x: 1, y: 2, zoom: 0.5 } },
  place: 0,
  shown: 5,
  browser: "here",
  unsaved: true,
};

/** Keeps a journal of a store as the editor does, written out whenever `write` is called. */
class Keeper {
  readonly lines: string[] = [];
  #writer = new JournalWriter();
  #waiting: Diff = NO_CHANGE;

  constructor(readonly store: DocumentStore) {
    this.lines.push(this.#writer.base(store, FACTS));
    store.subscribe((diff) => {
      this.#waiting = squash([this.#waiting, diff]);
    });
  }

  write(): void {
    const line = this.#writer.entry(this.store, this.#waiting, null);
    this.#waiting = NO_CHANGE;
    if (line !== null) this.lines.push(line);
  }
}

const text = (store: DocumentStore) => JSON.stringify(writeWorkflow(store.records));
const restored = (lines: readonly string[]) => {
  const draft = readJournal(lines);
  if (!draft) throw new Error("the journal has no draft");
  return revive(draft);
};

/** Something a user does. */
const action = fc.oneof(
  fc.record({ kind: fc.constant("move" as const), node: fc.integer({ min: 1, max: 3 }), by: fc.integer() }),
  fc.record({ kind: fc.constant("type" as const), node: fc.integer({ min: 1, max: 3 }), text: fc.string() }),
  fc.record({ kind: fc.constantFrom("undo" as const, "redo" as const, "write" as const, "drag" as const) }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function act(keeper: Keeper, done: Action): void {
  const { store } = keeper;
  if (done.kind === "move") {
    store.transact("edit.move", (tx) => moveItems(tx, new Map([[nodeId(ROOT, done.node), [done.by, 3]]])));
  } else if (done.kind === "type") {
    store.transact("w", (tx) => amendNode(tx, ROOT, done.node, { title: done.text }), `title:${done.node}`);
  } else if (done.kind === "write") keeper.write();
  else if (done.kind === "drag") {
    store.gesture("edit.move").update((tx) => moveItems(tx, new Map([[nodeId(ROOT, 1), [Math.PI, 9]]])));
  } else store[done.kind]();
}

describe("the journal of a draft", () => {
  it("leads to the same records after any edits, undone and redone ones included", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const keeper = new Keeper(sampleStore());
        for (const one of actions) act(keeper, one);
        keeper.write();
        expect(text(restored(keeper.lines).store)).toBe(text(keeper.store));
      }),
      { numRuns: 200 },
    );
  });

  it("brings back the steps of undo and redo, so that undoing all leads to the start", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const keeper = new Keeper(sampleStore());
        for (const one of actions) act(keeper, one);
        keeper.store.transact("end", (tx) => amendNode(tx, ROOT, 1, { title: "end" }));
        keeper.store.undo();
        keeper.write();
        const { store } = restored(keeper.lines);
        expect(store.done.map(({ label }) => label)).toEqual(keeper.store.done.map(({ label }) => label));
        expect(store.undone).toHaveLength(keeper.store.undone.length);
        while (store.undo());
        while (keeper.store.undo());
        expect(text(store)).toBe(text(keeper.store));
      }),
      { numRuns: 100 },
    );
  });

  it("keeps the last hundred steps, and still knows whether the saved state is among them", () => {
    const keeper = new Keeper(sampleStore());
    for (let step = 0; step < KEPT_STEPS + 50; step++) {
      keeper.store.transact("t", (tx) => amendNode(tx, ROOT, 1, { title: String(step) }));
      keeper.write();
    }
    const draft = readJournal(keeper.lines);
    expect(draft?.done).toHaveLength(KEPT_STEPS);
    expect(draft?.facts.savedSteps).toBe(-1);
  });

  it("survives a line that was cut off in the middle", () => {
    const keeper = new Keeper(sampleStore());
    keeper.store.transact("t", (tx) => amendNode(tx, ROOT, 1, { title: "kept" }));
    keeper.write();
    const before = text(keeper.store);
    keeper.store.transact("t", (tx) => amendNode(tx, ROOT, 1, { title: "lost" }));
    keeper.write();
    const lines = [...keeper.lines.slice(0, -1), (keeper.lines.at(-1) ?? "").slice(0, -9)];
    expect(text(restored(lines).store)).toBe(before);
  });

  it("writes a change in about the bytes of the node that changed, not of the workflow", () => {
    const records = new Map(sampleStore().records);
    const node = records.get(nodeId(ROOT, 2)) as NodeRecord;
    for (let id = 10; id < 2010; id++) records.set(nodeId(ROOT, id), { ...node, raw: { ...node.raw, id } });
    const keeper = new Keeper(new DocumentStore(records));
    const whole = keeper.lines[0]?.length ?? 0;
    keeper.store.transact("t", (tx) => amendNode(tx, ROOT, 500, { title: "changed" }));
    keeper.write();
    const line = keeper.lines[1] ?? "";
    expect(line.length).toBeLessThan(2 * JSON.stringify(node).length + 300);
    expect(whole).toBeGreaterThan(200_000);
  });

  it("keeps seeds of 64 bits exactly", () => {
    const keeper = new Keeper(sampleStore());
    const seed = "\u0000int:18446744073709551615";
    keeper.store.transact("t", (tx) => amendNode(tx, ROOT, 3, { widgets_values: [seed, "fixed"] }));
    keeper.write();
    expect(keeper.lines[1]).toContain("[18446744073709551615,");
    expect(restored(keeper.lines).store.node(ROOT, 3)?.raw.widgets_values).toEqual([seed, "fixed"]);
  });

  it("has no draft where there is no whole state", () => {
    expect(readJournal([])).toBeNull();
    expect(readJournal(["", "not json", '{"changes":[]}'])).toBeNull();
  });
});
