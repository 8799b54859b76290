import { describe, expect, test } from "vitest";
import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { readWorkflow } from "@/document/read";
import { choose, hasChoices, withChoices } from "@/run/dynamic-prompts";

const last = (count: number) => count - 1;

describe("a prompt", () => {
  test.each([
    ["a {red|blue} ball", "a blue ball"],
    ["{big|{very |}small} dog", "small dog"],
    ["{one}", "one"],
    [String.raw`a \{red\|blue\} ball`, String.raw`a \{red\|blue\} ball`],
    ["left {open|there", "left {open|there"],
    ["a | b } c", "a | b } c"],
    ["a {x|y} /* {no|never} */ b // {c|d}", "a y  b "],
    ["{|nothing or}", "nothing or"],
  ])("%s becomes %s", (prompt, chosen) => {
    expect(choose(prompt, last)).toBe(chosen);
  });

  test("chooses each of the alternatives, given time", () => {
    const seen = new Set(Array.from({ length: 200 }, () => choose("{a|b|c}")));
    expect([...seen].sort()).toEqual(["a", "b", "c"]);
  });

  test("has choices only where braces enclose alternatives", () => {
    expect(["{a|b}", "x {a|{b|c}}", "{a} {b|c}"].filter(hasChoices)).toHaveLength(3);
    expect(["a|b", "{a}", String.raw`\{a|b}`, "// {a|b}"].filter(hasChoices)).toEqual([]);
  });
});

const kind = (dynamicPrompts: boolean): NodeDefinition => ({
  type: "Encode",
  title: "Encode",
  category: "",
  description: "",
  inputs: [{ name: "text", type: "STRING", options: { multiline: true, dynamicPrompts }, required: true }],
  outputs: [],
  isOutput: true,
  deprecated: false,
  experimental: false,
  module: "nodes",
  aliases: [],
});

const catalogueOf = (definition: NodeDefinition): Catalogue => new Map([["Encode", definition]]);
const records = readWorkflow({
  nodes: [{ id: 1, type: "Encode", pos: [0, 0], widgets_values: ["a {red|blue} ball"] }],
  links: [],
  version: 0.4,
});
const textIn = (of: typeof records) => {
  const record = of.get("node:root:1");
  return record?.kind === "node" ? record.raw.widgets_values : undefined;
};

test("what is sent has a choice made, and the workflow stays as it is", () => {
  const sent = withChoices(records, catalogueOf(kind(true)), last);
  expect(textIn(sent)).toEqual(["a blue ball"]);
  expect(textIn(records)).toEqual(["a {red|blue} ball"]);
});

test("texts that are no prompts are sent as they are", () => {
  expect(withChoices(records, catalogueOf(kind(false)), last)).toBe(records);
});
