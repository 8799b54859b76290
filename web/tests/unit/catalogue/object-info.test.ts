import { expect, test } from "vitest";
import { readObjectInfo } from "@/catalogue/object-info";

const read = (entry: object) => readObjectInfo({ K: entry as never }).get("K");

test("a kind of node is read with its inputs in the order that is told", () => {
  const input = { required: { "2": ["INT"], "1": ["FLOAT", { min: 0 }] }, optional: { z: [["a", "b"]] } };
  const definition = read({
    input,
    input_order: { required: ["2", "1"], optional: ["z"] },
    output: ["IMAGE"],
  });
  expect(definition?.inputs).toEqual([
    { name: "2", type: "INT", options: {}, required: true },
    { name: "1", type: "FLOAT", options: { min: 0 }, required: true },
    { name: "z", type: "COMBO", choices: ["a", "b"], options: {}, required: false },
  ]);
});

test("choices are read from lists, from options, and from keys that bring inputs", () => {
  const input = {
    required: {
      a: [["x", 1], {}],
      b: ["COMBO", { options: ["y"] }],
      c: ["COMBO", { remote: { route: "/r" } }],
      d: ["COMFY_DYNAMICCOMBO_V3", { options: [{ key: "k", inputs: {} }, 5] }],
    },
  };
  expect(read({ input })?.inputs.map(({ choices }) => choices)).toEqual([["x", 1], ["y"], [], ["k"]]);
});

test("outputs have names, lists and tips", () => {
  const entry = {
    output: ["IMAGE", ["a"]],
    output_name: ["Picture"],
    output_is_list: [true],
    output_tooltips: ["It."],
  };
  expect(read(entry)?.outputs).toEqual([
    { name: "Picture", type: "IMAGE", isList: true, tooltip: "It." },
    { name: "COMBO", type: "COMBO", isList: false },
  ]);
});

test("what is malformed is left out, and what is missing has a blank", () => {
  expect(readObjectInfo({ A: 5, B: null as never }).size).toBe(0);
  expect(read({ input: { required: { a: "INT", b: [], c: [5] } }, output: "IMAGE" })).toMatchObject({
    title: "K",
    category: "",
    inputs: [],
    outputs: [],
    isOutput: false,
  });
});

test("kinds that are only for development are hidden", () => {
  expect(read({ dev_only: true })?.hidden).toBe(true);
  expect(read({})?.hidden).toBeUndefined();
});
