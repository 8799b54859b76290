import { beforeEach, expect, test } from "vitest";
import { exactInteger, stringifyExact } from "@/document/exact-json";
import { writeWorkflow } from "@/document/write";
import type { OpenDocument } from "@/editor/session";
import { type Axis, addAxis, axesOf, changeAxes } from "@/editor/sweep-axes";
import { modesOf, offeredChoices, resolveAxis } from "@/sweep/axis-values";
import { cellName, extent, places, putValues, workflowOf } from "@/sweep/cells";
import { kinds, openStarter } from "./starter";

let document: OpenDocument;
beforeEach(() => {
  document = openStarter();
});

const axis = (widget: string, text: string, more: Partial<Axis> = {}): Axis => ({
  path: "5",
  widget,
  mode: "list",
  text,
  choices: [],
  ...more,
});
const resolve = (one: Axis) => resolveAxis(document.store.records, kinds(), one);

test("axes are kept in the workflow, undone in one step, and gone without a trace", () => {
  const before = stringifyExact(writeWorkflow(document.store.records));
  addAxis(document.id, "5", "seed");
  addAxis(document.id, "5", "seed");
  addAxis(document.id, "2", "text");
  expect(axesOf(document.store.records).map(({ path, widget }) => [path, widget])).toEqual([
    ["5", "seed"],
    ["2", "text"],
  ]);
  changeAxes(document, (axes) => axes.map((one) => ({ ...one, text: "1..3" })));
  const saved = JSON.parse(stringifyExact(writeWorkflow(document.store.records)));
  expect(saved.extra.latentloom.sweep.axes[0]).toMatchObject({ path: "5", widget: "seed", text: "1..3" });
  for (let step = 0; step < 3; step++) document.store.undo();
  expect(stringifyExact(writeWorkflow(document.store.records))).toBe(before);
});

test("there are three axes at most", () => {
  for (const widget of ["seed", "steps", "cfg", "denoise"]) addAxis(document.id, "5", widget);
  expect(axesOf(document.store.records)).toHaveLength(3);
});

test("numbers become values of their widget, seeds exact to the last digit", () => {
  const { values, problem } = resolve(axis("seed", "1, 18446744073709551615"));
  expect(problem).toBeNull();
  expect(values.map(({ value }) => exactInteger(value))).toEqual([1n, 18446744073709551615n]);
  expect(resolve(axis("cfg", "1..2 step 0.5")).values.map(({ value }) => value)).toEqual([1, 1.5, 2]);
  expect(resolve(axis("steps", "1.5")).problem).toContain("1.5");
  expect(resolve(axis("steps", "")).problem).not.toBeNull();
});

test("choices are ticked, texts replaced or given whole", () => {
  expect(modesOf(resolve(axis("scheduler", "")).slot)).toEqual(["choices"]);
  expect(offeredChoices(resolve(axis("scheduler", "")).slot)).toEqual(["normal", "karras"]);
  const ticked = resolve(axis("scheduler", "", { choices: ["karras"] }));
  expect(ticked.values).toEqual([{ value: "karras", label: "karras" }]);
  const replace = resolve({ path: "2", widget: "text", mode: "replace", text: "apple\npear", choices: [] });
  expect(replace.values).toEqual([
    { value: "a red apple", label: "apple" },
    { value: "a red pear", label: "pear" },
  ]);
  expect(
    resolve({ path: "2", widget: "text", mode: "replace", text: "plum", choices: [] }).problem,
  ).toContain("plum");
});

test("a node that is gone, and a widget that a wire sets, are told", () => {
  expect(resolve({ ...axis("seed", "1"), path: "99" }).problem).not.toBeNull();
  expect(resolve(axis("model", "1")).problem).not.toBeNull();
});

test("every combination is a cell, and its workflow has its values while the document stays as it is", () => {
  const axes = [resolve(axis("seed", "7, 8, 9")), resolve(axis("steps", "1..2"))];
  expect(extent(axes.map(({ values }) => values))).toEqual([3, 2, 1]);
  expect(places(axes)).toHaveLength(6);
  expect(places([])).toEqual([]);
  const before = stringifyExact(writeWorkflow(document.store.records));
  const workflow = workflowOf(document.store.records, axes, [2, 1, 0]) as {
    nodes: readonly { id: number; widgets_values: unknown[] }[];
  };
  expect(workflow.nodes.find(({ id }) => id === 5)?.widgets_values.slice(0, 3)).toEqual([9, "fixed", 2]);
  expect(stringifyExact(writeWorkflow(document.store.records))).toBe(before);
  expect(cellName(axes, [2, 1, 0])).toMatch(/9.*2$/);
});

test("the values of a cell are put into the workflow as one step", () => {
  const axes = [resolve(axis("seed", "7")), resolve(axis("steps", "3"))];
  putValues(document.store, axes, [0, 0, 0]);
  expect(document.store.node("root", 5)?.raw.widgets_values).toEqual([
    7,
    "fixed",
    3,
    4,
    "euler",
    "normal",
    1,
  ]);
  document.store.undo();
  expect(document.store.node("root", 5)?.raw.widgets_values).toEqual([
    0,
    "fixed",
    20,
    4,
    "euler",
    "normal",
    1,
  ]);
});
