import { describe, expect, test } from "vitest";
import { joinLoose, type LooseEnd, looseEnds } from "@/document/loose-ends";
import { makeSubgraph } from "@/document/make-subgraph";
import { removeItems } from "@/document/nodes";
import { readWorkflow } from "@/document/read";
import { type Json, type JsonObject, nodeId, type RawReroute, ROOT, rerouteId } from "@/document/records";
import { removeReroute } from "@/document/reroutes";
import { DocumentStore } from "@/document/store";
import { writeWorkflow } from "@/document/write";
import { complaints } from "./invariants";
import { CATALOGUE } from "./object-info";
import { RandomEditor } from "./random-edits";
import { randomOf } from "./random-numbers";

const source = (id: number) => ({
  id,
  type: "EmptyLatentImage",
  outputs: [{ name: "LATENT", type: "LATENT", links: [] }],
});
const decoder = (id: number) => ({
  id,
  type: "VAEDecode",
  inputs: [{ name: "samples", type: "LATENT", link: null }],
});

interface Setting {
  readonly floating: readonly JsonObject[];
  readonly reroutes: readonly JsonObject[];
}

/** An empty latent (1) and a decoder (2), and wires between them that end in the air. */
function open({ floating, reroutes }: Setting): DocumentStore {
  const json = {
    nodes: [source(1), decoder(2)],
    links: [],
    floatingLinks: floating,
    extra: { reroutes },
    version: 0.4,
  };
  return new DocumentStore(readWorkflow(json as unknown as JsonObject));
}

const OUT: JsonObject = {
  id: 1,
  origin_id: 1,
  origin_slot: 0,
  target_id: -1,
  target_slot: -1,
  type: "LATENT",
  parentId: 2,
};
const INTO: JsonObject = {
  id: 2,
  origin_id: -1,
  origin_slot: -1,
  target_id: 2,
  target_slot: 0,
  type: "LATENT",
  parentId: 4,
};

const point = (id: number, more: JsonObject = {}): JsonObject => ({ id, pos: [id, 0], linkIds: [], ...more });
const outwards = () => [point(1), point(2, { parentId: 1, floating: { slotType: "output" } })];
const inwards = () => [point(3, { floating: { slotType: "input" } }), point(4, { parentId: 3 })];

const fromOutput = () => open({ floating: [OUT], reroutes: outwards() });
const intoInput = () => open({ floating: [INTO], reroutes: inwards() });

const ends = (store: DocumentStore) => looseEnds(store.records, ROOT);
const reroute = (store: DocumentStore, id: number): RawReroute | undefined => {
  const record = store.get(rerouteId(ROOT, id));
  return record?.kind === "reroute" ? record.raw : undefined;
};
const floating = (store: DocumentStore): Json | undefined => store.sheet(ROOT).rest.floatingLinks;

function join(store: DocumentStore, loose: Partial<Record<"output" | "input", LooseEnd | undefined>>) {
  return store.transact("join", (tx) =>
    joinLoose(
      tx,
      ROOT,
      { node: 1, slot: 0, loose: loose.output },
      { node: 2, slot: 0, loose: loose.input },
      CATALOGUE,
    ),
  );
}

describe("a wire that ends in the air", () => {
  test("is found at the reroute where it ends, with the socket that it comes from", () => {
    const found = { node: 1, slot: 0, type: "LATENT", side: "output", parent: 2, reroute: 2 };
    expect(ends(fromOutput())).toEqual([found]);
    const other = { node: 2, slot: 0, type: "LATENT", side: "input", parent: 4, reroute: 3 };
    expect(ends(intoInput())).toEqual([other]);
    expect(
      ends(
        open({
          floating: [
            { ...OUT, parentId: 9 },
            { ...OUT, target_id: 2 },
          ],
          reroutes: [],
        }),
      ),
    ).toEqual([]);
  });

  test.each([
    ["an output", fromOutput, 2, [1, 2]],
    ["an input", intoInput, 4, [3, 4]],
  ] as const)("from %s becomes a wire through its reroutes when it is joined", (_, make, parent, through) => {
    const store = make();
    const [end] = ends(store);
    const before = JSON.stringify(writeWorkflow(store.records));
    const link = join(store, end?.side === "output" ? { output: end } : { input: end });
    expect(link.parent).toBe(parent);
    expect(floating(store)).toEqual([]);
    for (const id of through) {
      expect(reroute(store, id)?.linkIds).toEqual([link.id]);
      expect(reroute(store, id)?.floating).toBeUndefined();
    }
    expect(complaints(store.records)).toEqual([]);
    store.undo();
    expect(JSON.stringify(writeWorkflow(store.records))).toBe(before);
  });

  test("can be joined to another one that ends in the air: all reroutes are on the way then", () => {
    const store = open({ floating: [OUT, INTO], reroutes: [...outwards(), ...inwards()] });
    const [output, input] = ends(store);
    const link = join(store, { output, input });
    expect(link.parent).toBe(4);
    expect(reroute(store, 3)?.parentId).toBe(2);
    expect([1, 2, 3, 4].map((id) => reroute(store, id)?.linkIds)).toEqual([[1], [1], [1], [1]]);
    expect(floating(store)).toEqual([]);
  });

  test("ends at the reroute before when its last one is taken away", () => {
    const store = fromOutput();
    store.transact("remove", (tx) => removeReroute(tx, ROOT, 2));
    expect(ends(store)).toMatchObject([{ reroute: 1, parent: 1 }]);
    expect(reroute(store, 1)?.floating).toEqual({ slotType: "output" });
    store.transact("remove", (tx) => removeReroute(tx, ROOT, 1));
    expect(floating(store)).toEqual([]);
    expect(store.sheet(ROOT).reroutes).toEqual([]);
  });

  test("begins at the reroute behind when its first one is taken away", () => {
    const store = intoInput();
    store.transact("remove", (tx) => removeReroute(tx, ROOT, 3));
    expect(ends(store)).toMatchObject([{ reroute: 4, parent: 4, side: "input" }]);
    expect(reroute(store, 4)?.floating).toEqual({ slotType: "input" });
  });

  test("goes with its last reroute where another wire shares the way before", () => {
    const store = open({
      floating: [OUT],
      reroutes: [point(1, { linkIds: [7] }), point(2, { parentId: 1, floating: { slotType: "output" } })],
    });
    store.transact("remove", (tx) => removeReroute(tx, ROOT, 2));
    expect(floating(store)).toEqual([]);
    expect(reroute(store, 1)?.floating).toBeUndefined();
  });

  test("goes with the node that it comes from", () => {
    const gone = fromOutput();
    gone.transact("remove", (tx) => removeItems(tx, ROOT, [nodeId(ROOT, 1)]));
    expect(floating(gone)).toEqual([]);
    expect(gone.sheet(ROOT).reroutes).toEqual([]);
    const moved = intoInput();
    moved.transact("wrap", (tx) => makeSubgraph(tx, ROOT, [nodeId(ROOT, 2)], "S", CATALOGUE));
    expect(floating(moved)).toEqual([]);
    expect(moved.sheet(ROOT).reroutes).toEqual([]);
    expect(complaints(moved.records)).toEqual([]);
  });
});

test.each([1, 2, 3, 4])(
  "random edits around loose ends can all be taken back and done again (%i)",
  (seed) => {
    const store = open({ floating: [OUT, INTO], reroutes: [...outwards(), ...inwards()] });
    const start = JSON.stringify(writeWorkflow(store.records));
    const editor = new RandomEditor(store, CATALOGUE, randomOf(seed));
    for (let at = 0; at < 300; at++) {
      editor.step();
      expect(complaints(store.records)).toEqual([]);
      const told = floating(store) as readonly JsonObject[];
      expect(ends(store)).toHaveLength(told.length);
      for (const end of ends(store)) expect(store.get(nodeId(ROOT, end.node))).toBeDefined();
    }
    const end = JSON.stringify(writeWorkflow(store.records));
    const steps = store.done.length;
    while (store.undo());
    expect(JSON.stringify(writeWorkflow(store.records))).toBe(start);
    for (let at = 0; at < steps; at++) store.redo();
    expect(JSON.stringify(writeWorkflow(store.records))).toBe(end);
  },
);
