import { expect, test } from "vitest";
import { readObjectInfo } from "@/catalogue/object-info";
import { type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import { useCatalogue } from "@/catalogue/state";
import { exactInteger, ofInteger } from "@/document/exact-json";
import {
  type DocumentRecord,
  type Json,
  linkId,
  MODE,
  type NodeRecord,
  nodeId,
  type RawNode,
  ROOT,
} from "@/document/records";
import { DocumentStore } from "@/document/store";
import { nextValue, turnControls } from "@/run/control-values";

const MAX = 2n ** 64n - 1n;
const INFO = readObjectInfo({
  Sampler: {
    input: {
      required: {
        seed: ["INT", { default: 0, min: 0, max: ofInteger(MAX), control_after_generate: true }],
        steps: ["INT", { default: 20 }],
        style: [["oil", "ink", "oil on ink", "chalk"], { control_after_generate: true }],
      },
    },
    output: [],
  },
});
useCatalogue.setState({ catalogue: INFO, loaded: true });

function sampler(values: readonly Json[], more: Partial<RawNode> = {}): NodeRecord {
  return { kind: "node", scope: ROOT, raw: { id: 1, type: "Sampler", widgets_values: values, ...more } };
}

function turned(node: NodeRecord): readonly Json[] {
  const store = new DocumentStore(new Map([[nodeId(ROOT, 1), node]]));
  turnControls(store);
  return store.node(ROOT, 1)?.raw.widgets_values as readonly Json[];
}

const slotOf = (name: string): WidgetSlot => {
  const slot = widgetSlots(INFO.get("Sampler"), sampler([]).raw).find((one) => one.sent && one.name === name);
  if (!slot) throw new Error(name);
  return slot;
};

test.each<[string, bigint, bigint]>([
  ["increment", 5n, 6n],
  ["decrement", 5n, 4n],
  ["decrement", 0n, 0n],
  ["increment", 2n ** 53n, 2n ** 53n + 1n],
  ["increment", MAX - 1n, MAX],
  ["increment", MAX, MAX],
  ["fixed", 2n ** 63n + 1n, 2n ** 63n + 1n],
])("%s makes %s into %s, exactly", (control, before, after) => {
  expect(exactInteger(nextValue(slotOf("seed"), ofInteger(before), control))).toBe(after);
});

test("a random seed is another one each time, and one that ComfyUI can hold", () => {
  const seeds = Array.from({ length: 50 }, () => nextValue(slotOf("seed"), 0, "randomize"));
  expect(new Set(seeds).size).toBe(50);
  for (const seed of seeds) expect(exactInteger(seed)).toBeLessThanOrEqual(2n ** 50n);
});

test.each([
  ["increment", "oil", "", "ink"],
  ["increment", "chalk", "", "chalk"],
  ["increment-wrap", "chalk", "", "oil"],
  ["decrement", "ink", "", "oil"],
  ["increment", "oil", "oil", "oil on ink"],
  ["increment", "oil", "/^.{3}$/", "ink"],
  ["randomize", "oil", "CHALK", "chalk"],
  ["increment", "oil", "nothing has this", "oil"],
  ["increment", "oil", "/(/", "oil"],
  ["fixed", "oil", "", "oil"],
])("%s makes the choice %s, among those with '%s', into %s", (control, before, filter, after) => {
  expect(nextValue(slotOf("style"), before, control, filter)).toBe(after);
});

test("each control changes its own widget and nothing else", () => {
  expect(turned(sampler([7, "increment", 20, "ink", "decrement", ""]))).toEqual([
    8,
    "increment",
    20,
    "oil",
    "decrement",
    "",
  ]);
});

test("nodes that do not run, and seeds that a link decides about, stay", () => {
  const values = [7, "increment", 20, "ink", "fixed", ""];
  expect(turned(sampler(values, { mode: MODE.muted }))).toEqual(values);
  expect(turned(sampler(values, { mode: MODE.bypassed }))).toEqual(values);
  const inputs = [{ name: "seed", type: "INT", link: 3, widget: { name: "seed" } }];
  expect(turned(sampler(values, { inputs }))).toEqual(values);
});

test("the value of a primitive changes as its own control says", () => {
  const primitive: RawNode = {
    id: 1,
    type: "PrimitiveNode",
    outputs: [{ name: "INT", type: "INT", links: [5], widget: { name: "steps" } }],
    widgets_values: [7, "increment"],
  };
  const target = sampler([7, "fixed", 7, "ink", "fixed", ""], {
    id: 2,
    inputs: [{ name: "steps", type: "INT", link: 5, widget: { name: "steps" } }],
  });
  const link = { kind: "link", scope: ROOT, id: 5, origin: 1, originSlot: 0 } as const;
  const store = new DocumentStore(
    new Map<string, DocumentRecord>([
      [nodeId(ROOT, 1), { kind: "node", scope: ROOT, raw: primitive }],
      [nodeId(ROOT, 2), target],
      [linkId(ROOT, 5), { ...link, target: 2, targetSlot: 0, type: "INT" }],
    ]),
  );
  turnControls(store);
  expect(store.node(ROOT, 1)?.raw.widgets_values).toEqual([8, "increment"]);
  expect(store.node(ROOT, 2)?.raw.widgets_values).toEqual([7, "fixed", 8, "ink", "fixed", ""]);
});

test.each([
  ["increment", 1.5, 1.75],
  ["increment", 2, 2],
  ["decrement", 1.5, 1.25],
  ["fixed", 1.5, 1.5],
])("%s makes the number %f into %f", (control, before, after) => {
  const options = { min: 1, max: 2, step: 0.25 };
  const input = { name: "cfg", type: "FLOAT", options, required: true };
  const slot: WidgetSlot = { name: "cfg", kind: "number", input, index: 0, sent: true };
  expect(nextValue(slot, before, control)).toBe(after);
  const random = nextValue(slot, before, "randomize");
  expect([1, 1.25, 1.5, 1.75, 2]).toContain(random);
});
