import { expect, test } from "vitest";
import { howWell, ranked } from "@/commands/ranking";

const names = ["Redo", "Undo", "Do something", "Open a workflow", "Close the workflow"];
const found = (query: string, most?: number) => ranked(names, query, (name) => name, most);

test("everything fits a query without letters, in its order", () => {
  expect(found("  ")).toEqual(names);
});

test("beginnings come before what is inside words", () => {
  expect(found("do")).toEqual(["Do something", "Redo", "Undo"]);
});

test("every word of the query must be there", () => {
  expect(found("work cl")).toEqual(["Close the workflow"]);
  expect(found("work x")).toEqual([]);
});

test("initials find a name", () => {
  expect(found("oaw")).toEqual(["Open a workflow"]);
});

test("no more are given than asked for", () => {
  expect(found("o", 2)).toHaveLength(2);
});

test("of two that fit alike the shorter one is better", () => {
  expect(howWell("Save", "sa")).toBeGreaterThan(howWell("Save as", "sa"));
});
