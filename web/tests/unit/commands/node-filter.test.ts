import { expect, test } from "vitest";
import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { filterChoices, nodeGroups, passes } from "@/commands/node-search/node-filter";

const kind = (type: string, category: string, takes: string, gives: string): NodeDefinition => ({
  type,
  title: type,
  category,
  description: "",
  inputs: [{ name: "in", type: takes, options: {}, required: true }],
  outputs: [{ name: "out", type: gives, isList: false }],
  isOutput: false,
  deprecated: false,
  experimental: false,
  module: type === "Extra" ? "custom_nodes.extra" : "nodes",
  aliases: [],
});

const kinds = [
  kind("Trial", "_for_testing", "IMAGE", "IMAGE"),
  kind("Blur", "image/filters", "IMAGE", "IMAGE"),
  kind("Extra", "extra", "MASK", "IMAGE"),
  kind("Sampler", "sampling", "LATENT", "LATENT"),
  kind("Another", "sampling", "LATENT", "LATENT"),
];
const catalogue: Catalogue = new Map(kinds.map((one) => [one.type, one]));
const unused = { counts: {}, recent: [] as string[], favourites: [] as string[] };
const listed = (query: string, usage = unused, filter = {}) =>
  nodeGroups(catalogue, query, filter, usage).map(
    ({ kind, name, nodes }) => `${kind} ${name}: ${nodes.map(({ type }) => type).join(" ")}`,
  );

test("without words the list is by categories, those of every workflow first and tests last", () => {
  expect(listed("")).toEqual([
    "category sampling: Another Sampler",
    "category image/filters: Blur",
    "category extra: Extra",
    "category _for_testing: Trial",
  ]);
});

test("favourites and recent kinds come before the categories, none twice among them", () => {
  const usage = { counts: {}, recent: ["Blur", "Sampler", "Gone"], favourites: ["Sampler"] };
  expect(listed("", usage).slice(0, 2)).toEqual(["favourites : Sampler", "recent : Blur"]);
});

test("with words there is one list of what was found", () => {
  expect(listed("sam")).toEqual(["found : Sampler Another"]);
  expect(listed("nothing")).toEqual([]);
});

test("filters hold together", () => {
  expect(listed("", unused, { input: "MASK", output: "IMAGE" })).toEqual(["category extra: Extra"]);
  expect(passes(kinds[2] as NodeDefinition, { pack: "nodes" })).toBe(false);
  expect(listed("", unused, { input: "LATENT", output: "IMAGE" })).toEqual([]);
});

test("filters offer what there is, by the alphabet", () => {
  expect(filterChoices(catalogue)).toEqual({
    inputs: ["IMAGE", "LATENT", "MASK"],
    outputs: ["IMAGE", "LATENT"],
    packs: ["custom_nodes.extra", "nodes"],
  });
});
