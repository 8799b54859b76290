import { beforeEach, expect, test } from "vitest";
import { appFields, shownChoice, usualChoice } from "@/app-view/app-fields";
import { addExample, exampleName, examplesOf, removeExample } from "@/app-view/examples";
import {
  appAddress,
  applyValues,
  misfits,
  packValues,
  unpackValues,
  valuesOf,
} from "@/app-view/shared-values";
import { sliderRange } from "@/app-view/slider-range";
import { widgetSlots } from "@/catalogue/slots";
import { MARKDOWN_NOTE } from "@/catalogue/virtual-kinds";
import { exactInteger, ofInteger, stringifyExact } from "@/document/exact-json";
import { setExtra } from "@/document/extra";
import { labelOf, openSlots } from "@/document/open-widgets";
import type { RawNode } from "@/document/records";
import { writeWorkflow } from "@/document/write";
import {
  amendInput,
  appChoice,
  changeApp,
  isPromoted,
  moveInput,
  toggleOutput,
  togglePromoted,
} from "@/editor/app-choice";
import type { OpenDocument } from "@/editor/session";
import { kinds, openStarter } from "../sweep/starter";

let document: OpenDocument;
beforeEach(() => {
  document = openStarter();
});

const saved = () => JSON.parse(stringifyExact(writeWorkflow(document.store.records)));
const fields = () => {
  const { records } = document.store;
  return appFields(records, kinds(), shownChoice(records, kinds()));
};
const slotOf = (node: number, widget: string) => {
  const raw = document.store.node("root", node)?.raw;
  const slot =
    raw && widgetSlots(kinds().get(raw.type), raw).find(({ name, sent }) => sent && name === widget);
  if (!slot) throw new Error(`no ${widget}`);
  return slot;
};

test("what is promoted is saved as ComfyUI's app mode saves it, and undone step by step", () => {
  const before = stringifyExact(writeWorkflow(document.store.records));
  togglePromoted(document, "5", "steps");
  togglePromoted(document, "2", "text");
  toggleOutput(document, "7");
  amendInput(document, 0, { label: "Care", max: 30 });
  expect(saved().extra.linearData).toEqual({
    inputs: [
      [5, "steps"],
      [2, "text"],
    ],
    outputs: [7],
  });
  expect(saved().extra.latentloom.app).toEqual({ "5 steps": { label: "Care", max: 30 } });
  expect(isPromoted(document.store.records, "5", "steps")).toBe(true);
  while (document.store.undo());
  expect(stringifyExact(writeWorkflow(document.store.records))).toBe(before);
});

test("what another editor keeps about an input stays with it when it moves", () => {
  document.store.transact("app.change", (tx) =>
    setExtra(tx, "linearData", {
      inputs: [
        [2, "text", { height: 90 }],
        ["12:5", "seed"],
      ],
      outputs: [7],
      more: 1,
    }),
  );
  moveInput(document, 0, 1);
  expect(saved().extra.linearData).toEqual({
    inputs: [
      ["12:5", "seed"],
      [2, "text", { height: 90 }],
    ],
    outputs: [7],
    more: 1,
  });
});

test("malformed choices of a file are passed over", () => {
  document.store.transact("app.change", (tx) =>
    setExtra(tx, "linearData", { inputs: [3, [5], [5, "steps"], null], outputs: "x" }),
  );
  expect(appChoice(document.store.records)).toEqual({
    inputs: [{ path: "5", widget: "steps" }],
    outputs: [],
  });
});

test("the last thing taken out leaves nothing behind", () => {
  togglePromoted(document, "5", "steps");
  togglePromoted(document, "5", "steps");
  expect(appChoice(document.store.records)).toBeNull();
  expect(saved().extra?.linearData).toBeUndefined();
});

test("without a choice the usual widgets and all results are shown", () => {
  const { inputs, outputs } = usualChoice(document.store.records, kinds());
  expect(inputs.map(({ widget }) => widget)).toEqual([
    "text",
    "text",
    "width",
    "height",
    "batch_size",
    "steps",
    "seed",
  ]);
  expect(outputs).toEqual(["7"]);
  expect(
    fields()
      .map(({ label }) => label)
      .slice(0, 3),
  ).toEqual(["Prompt", "Negative prompt", "Width"]);
});

test("fields whose node is gone or whose value a wire sets are left out", () => {
  changeApp(document, () => ({
    inputs: [
      { path: "99", widget: "text" },
      { path: "5", widget: "model" },
      { path: "5", widget: "cfg" },
    ],
    outputs: ["7"],
  }));
  expect(fields().map(({ input }) => input.widget)).toEqual(["cfg"]);
});

test("names say what a widget is, and of which node where that is all there is", () => {
  const raw = document.store.node("root", 5)?.raw;
  expect(raw && labelOf(raw, kinds().get(raw.type), "sampler_name")).toBe("Sampler name");
});

test("values go into an address and out of it, exact to the last digit of a seed", () => {
  applyValues(fields(), document.store, {
    "5.seed": ofInteger(18446744073709551615n),
    "2.text": "a <b> & c",
  });
  const address = appAddress("portrait.json", valuesOf(fields(), document.store));
  const query = new URL(address).searchParams;
  expect(query.get("app")).toBe("portrait.json");
  const values = unpackValues(query.get("v"));
  expect(exactInteger(values["5.seed"])).toBe(18446744073709551615n);
  expect(values["2.text"]).toBe("a <b> & c");
  expect(packValues(values)).toContain('"5.seed":18446744073709551615');
  expect([unpackValues(null), unpackValues("{"), unpackValues("[1]")]).toEqual([{}, {}, {}]);
});

test("numbers get a slider where their range is one, at the author's ends where there are some", () => {
  expect(sliderRange(slotOf(5, "steps"), {})).toEqual({ min: 1, max: 50, step: 1 });
  expect(sliderRange(slotOf(5, "denoise"), {})).toEqual({ min: 0, max: 1, step: 0.01 });
  expect(sliderRange(slotOf(5, "steps"), { min: 4, max: 8 })).toEqual({ min: 4, max: 8, step: 1 });
  expect(sliderRange(slotOf(5, "seed"), {})).toBeNull();
  expect(sliderRange(slotOf(2, "text"), {})).toBeNull();
});

test("examples are kept in the workflow beside what ComfyUI keeps, and undone one by one", () => {
  const before = stringifyExact(writeWorkflow(document.store.records));
  const seed = ofInteger(18446744073709551615n);
  addExample(document, { "2.text": "a blue boat", "5.seed": seed });
  addExample(document, { "5.steps": 4 });
  expect(saved().extra.latentloom.appExamples).toHaveLength(2);
  expect(stringifyExact(writeWorkflow(document.store.records))).toContain("18446744073709551615");
  expect(examplesOf(document.store.records).map((one) => exampleName(one, fields()))).toEqual([
    "a blue boat",
    "Steps 4",
  ]);
  removeExample(document, 0);
  expect(examplesOf(document.store.records)).toEqual([{ "5.steps": 4 }]);
  for (let step = 0; step < 3; step++) document.store.undo();
  expect(stringifyExact(writeWorkflow(document.store.records))).toBe(before);
});

test("values of a link that no field takes are named and left out", () => {
  const odd = { "5.steps": "many", "2.text": 7, "5.seed": ofInteger(18446744073709551615n), "9.gone": 1 };
  expect(misfits(fields(), odd)).toEqual(["9.gone", "Prompt", "Steps"]);
  applyValues(fields(), document.store, odd);
  expect(valuesOf(fields(), document.store)).toMatchObject({ "2.text": "a red apple", "5.steps": 20 });
});

test("a note is read, not filled in", () => {
  const raw: RawNode = { id: 90, type: "MarkdownNote", widgets_values: ["Draws anew."] };
  expect(widgetSlots(MARKDOWN_NOTE, raw)).toHaveLength(1);
  expect(openSlots(MARKDOWN_NOTE, raw)).toEqual([]);
});
