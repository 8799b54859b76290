import { describe, expect, test } from "vitest";
import type { NodeDefinition } from "@/catalogue/definitions";
import type { RawNode } from "@/document/records";
import { nodeBox, SLOT, TITLE } from "@/geometry/node-box";
import { WIDGET } from "@/geometry/widget-rows";

const input = (name: string, type: string, options = {}) => ({ name, type, options, required: true });

const SAMPLER: NodeDefinition = {
  type: "Sampler",
  title: "Sampler",
  category: "sampling",
  description: "",
  inputs: [input("model", "MODEL"), input("seed", "INT"), input("text", "STRING", { multiline: true })],
  outputs: [{ name: "LATENT", type: "LATENT", isList: false }],
  isOutput: false,
  deprecated: false,
  experimental: false,
  module: "nodes",
  aliases: [],
};

const node = (more: Partial<RawNode> = {}): RawNode => ({
  id: 1,
  type: "Sampler",
  pos: [100, 200],
  inputs: [{ name: "model", type: "MODEL", link: null }],
  outputs: [{ name: "LATENT", type: "LATENT", links: [] }],
  widgets_values: [5, "fixed", "a cat"],
  ...more,
});

test("the title lies above the position that the file has", () => {
  const box = nodeBox(node({ size: [300, 400] }), SAMPLER);
  expect([box.x, box.y, box.width, box.height]).toEqual([100, 200 - TITLE, 300, 400 + TITLE]);
});

test("a node that is saved too small is as large as what is on it needs", () => {
  const small = nodeBox(node({ size: [300, 10] }), SAMPLER);
  const last = small.widgets.at(-1);
  expect(last && last.y + last.height).toBeLessThanOrEqual(small.y + small.height);
  expect(small.height).toBeGreaterThan(TITLE + SLOT + WIDGET);
});

test("sockets lie at the sides, and inputs of widgets in the rows of these", () => {
  const box = nodeBox(node(), SAMPLER);
  const [model, seed] = box.inputs;
  expect(model).toMatchObject({ name: "model", x: 100, slot: 0 });
  expect(box.outputs[0]).toMatchObject({ name: "LATENT", x: 100 + box.width, y: model?.y });
  const row = box.widgets.find(({ slot }) => slot.name === "seed");
  expect(seed).toMatchObject({ name: "seed", slot: -1 });
  expect(seed?.y).toBeGreaterThan(row?.y ?? 0);
  expect(seed?.y).toBeLessThan((row?.y ?? 0) + (row?.height ?? 0));
});

test("what becomes of a seed has no row of its own", () => {
  expect(nodeBox(node(), SAMPLER).widgets.map(({ slot }) => slot.kind)).toEqual(["integer", "multiline"]);
});

test("a text takes the room that is left over", () => {
  const short = nodeBox(node({ size: [300, 200] }), SAMPLER).widgets.at(-1)?.height ?? 0;
  const long = nodeBox(node({ size: [300, 300] }), SAMPLER).widgets.at(-1)?.height ?? 0;
  expect(long - short).toBe(100);
});

test("pictures get room, whatever the saved size", () => {
  const box = nodeBox(node({ size: [300, 10] }), SAMPLER, true);
  expect(box.preview?.height).toBeGreaterThanOrEqual(150);
  const end = (box.preview?.y ?? 0) + (box.preview?.height ?? 0);
  expect(end).toBeLessThanOrEqual(box.y + box.height);
});

test("a collapsed node is only its title, with all sockets at its sides", () => {
  const box = nodeBox(node({ flags: { collapsed: true } }), SAMPLER);
  expect(box.height).toBe(TITLE);
  expect(box.widgets).toEqual([]);
  expect(box.outputs[0]?.x).toBe(100 + box.width);
});

test("a point that is a node of its own has no title", () => {
  expect(nodeBox(node({ type: "Reroute", pos: [7, 8] }), undefined)).toMatchObject({ x: 7, y: 8, title: 0 });
});

describe("a node of an unknown kind", () => {
  test("keeps the sockets that the file has, and shows each value", () => {
    const box = nodeBox(node({ type: "Gone" }), undefined);
    expect(box.inputs.map(({ name }) => name)).toEqual(["model"]);
    expect(box.widgets).toHaveLength(3);
  });

  test("has room for the line that says so", () => {
    const known = nodeBox(node({ type: "Gone", widgets_values: [] }), undefined);
    expect(known.height).toBeGreaterThanOrEqual(TITLE + SLOT + 22);
  });
});

test("the same node is laid out once", () => {
  const raw = node();
  expect(nodeBox(raw, SAMPLER)).toBe(nodeBox(raw, SAMPLER));
  expect(nodeBox(raw, SAMPLER, true)).not.toBe(nodeBox(raw, SAMPLER));
});
