import { describe, expect, test } from "vitest";
import type { InputDefinition, NodeDefinition } from "@/catalogue/definitions";
import { readObjectInfo } from "@/catalogue/object-info";
import { defaultOf, inputsOf, widgetSlots } from "@/catalogue/slots";
import { sockets } from "@/catalogue/sockets";
import type { JsonObject, RawNode } from "@/document/records";
import { CATALOGUE } from "../document/object-info";

function kind(required: JsonObject, optional: JsonObject = {}): NodeDefinition {
  const found = readObjectInfo({ K: { input: { required, optional }, output: [], name: "K" } }).get("K");
  if (!found) throw new Error("the kind was not read");
  return found;
}

const node = (widgets_values?: RawNode["widgets_values"], more: Partial<RawNode> = {}): RawNode => ({
  id: 1,
  type: "K",
  ...(widgets_values !== undefined && { widgets_values }),
  ...more,
});

const places = (definition: NodeDefinition | undefined, raw: RawNode) =>
  widgetSlots(definition, raw).map(({ name, kind: widget, index, sent }) => [name, widget, index, sent]);

describe("the widgets of a node", () => {
  test("stand in the order of the inputs, each seed followed by what becomes of it", () => {
    const raw = { id: 1, type: "KSampler", widgets_values: [5, "fixed", 20, 8, "euler", "normal", 1] };
    expect(places(CATALOGUE.get("KSampler"), raw)).toEqual([
      ["seed", "integer", 0, true],
      ["seed", "control", 1, false],
      ["steps", "integer", 2, true],
      ["cfg", "number", 3, true],
      ["sampler_name", "choice", 4, true],
      ["scheduler", "choice", 5, true],
      ["denoise", "number", 6, true],
    ]);
  });

  test("of old files may lack the place for what becomes of a seed", () => {
    const raw = { id: 1, type: "KSampler", widgets_values: [5, 20, 8, "euler", "normal", 1] };
    expect(places(CATALOGUE.get("KSampler"), raw).map(([, , index]) => index)).toEqual([
      0, -1, 1, 2, 3, 4, 5,
    ]);
  });

  test("have one more place for a button behind a picture, and one for the filter of a choice that goes on", () => {
    const raw = { id: 1, type: "LoadImage", widgets_values: ["a.png", "image"] };
    expect(places(CATALOGUE.get("LoadImage"), raw)).toEqual([
      ["image", "choice", 0, true],
      ["image", "upload", 1, false],
    ]);
    const going = kind({ a: [["x"], { control_after_generate: true }], b: ["STRING", { multiline: true }] });
    expect(places(going, node()).map(([name, widget]) => [name, widget])).toEqual([
      ["a", "choice"],
      ["a", "control"],
      ["a", "filter"],
      ["b", "multiline"],
    ]);
  });

  test("have a rule for what becomes of a value where the kind asks for one, seeds unless it does not want one", () => {
    const asking = kind({
      a: ["FLOAT", { control_after_generate: true }],
      b: ["INT", { control_after_generate: "decrement" }],
      c: ["INT", { control_after_generate: "what to do" }],
      seed: ["INT", { control_after_generate: false }],
      noise_seed: ["INT", {}],
    });
    const rules = widgetSlots(asking, node()).filter((slot) => slot.kind === "control");
    expect(rules.map((slot) => [slot.name, defaultOf(slot)])).toEqual([
      ["a", "fixed"],
      ["b", "decrement"],
      ["c", "randomize"],
      ["noise_seed", "randomize"],
    ]);
  });

  test("leave out inputs that are forced to be sockets, and their places in old files", () => {
    const forced = kind({ a: ["INT", {}], b: ["FLOAT", { forceInput: true }], c: ["BOOLEAN", {}] });
    expect(places(forced, node([1, true]))).toEqual([
      ["a", "integer", 0, true],
      ["c", "toggle", 1, true],
    ]);
    expect(places(forced, node([1, 0.5, true]))).toEqual([
      ["a", "integer", 0, true],
      ["c", "toggle", 2, true],
    ]);
  });

  test("are of the type that an input of several types says", () => {
    expect(places(kind({ a: ["INT,FLOAT", { widgetType: "FLOAT" }], b: ["INT,FLOAT", {}] }), node())).toEqual(
      [["a", "number", 0, true]],
    );
  });

  test.each<[string, InputDefinition["options"], string]>([
    ["COLOR", {}, "color"],
    ["INT", { display: "color" }, "color"],
    ["CURVE", {}, "other"],
    ["COMBO", { options: ["a"] }, "choice"],
  ])("of type %s with %j are of kind %3$s", (type, options, widget) => {
    expect(widgetSlots(kind({ a: [type, options] }), node())[0]?.kind).toBe(widget);
  });

  test("of a choice of several are marked so", () => {
    const [slot] = widgetSlots(kind({ a: ["COMBO", { options: ["x", "y"], multiselect: true }] }), node());
    expect(slot).toMatchObject({ kind: "choice", multiple: true });
    expect(slot && defaultOf(slot)).toEqual([]);
  });

  test("that a choice brings follow it, by what is chosen", () => {
    const options = [
      { key: "simple", inputs: { required: { n: ["INT", { default: 4 }] } } },
      { key: "rich", inputs: { required: { a: ["FLOAT", {}] }, optional: { b: ["STRING", {}] } } },
    ];
    const dynamic = kind({ mode: ["COMFY_DYNAMICCOMBO_V3", { options }], last: ["BOOLEAN", {}] });
    expect(places(dynamic, node()).map(([name]) => name)).toEqual(["mode", "mode.n", "last"]);
    expect(places(dynamic, node(["rich", 1, "x", true]))).toEqual([
      ["mode", "choice", 0, true],
      ["mode.a", "number", 1, true],
      ["mode.b", "text", 2, true],
      ["last", "toggle", 3, true],
    ]);
    expect(inputsOf(dynamic, node(["rich"])).map(({ name, required }) => [name, required])).toEqual([
      ["mode", true],
      ["mode.a", true],
      ["mode.b", false],
      ["last", true],
    ]);
  });

  test("of an unknown kind are called after their sockets, or counted", () => {
    const inputs = [
      { name: "a", type: "INT", widget: { name: "a" } },
      { name: "b", type: "INT", widget: { name: "b" } },
    ];
    expect(places(undefined, node([1, "fixed", 2], { inputs })).map(([name]) => name)).toEqual([
      "a",
      "1",
      "b",
    ]);
    expect(places(undefined, node([1, 2])).map(([name]) => name)).toEqual(["0", "1"]);
    expect(places(undefined, node({ x: 1 }))).toEqual([["x", "other", 0, true]]);
  });

  test("are the same list as long as nothing about them changes", () => {
    const definition = CATALOGUE.get("KSampler");
    const values = [5, "fixed", 20, 8, "euler", "normal", 1];
    const before = widgetSlots(definition, { id: 1, type: "KSampler", widgets_values: values });
    expect(
      widgetSlots(definition, { id: 1, type: "KSampler", widgets_values: [6, ...values.slice(1)] }),
    ).toBe(before);
  });
});

describe("the sockets of a node", () => {
  const growing = kind({
    images: [
      "COMFY_AUTOGROW_V3",
      { template: { input: { required: { image: ["IMAGE", {}] } }, prefix: "image", min: 2, max: 4 } },
    ],
  });
  const socket = (name: string, link: number | null) => ({ name, type: "IMAGE", link });

  test("that grow show those in use and one more, up to the most there may be", () => {
    const names = (inputs: RawNode["inputs"]) =>
      sockets(growing, node([], { inputs: inputs ?? [] })).inputs.map(({ name }) => name);
    expect(names([])).toEqual(["images.image0", "images.image1"]);
    expect(names([socket("images.image0", 1), socket("images.image1", 2)])).toHaveLength(3);
    expect(names([0, 1, 2, 3].map((at) => socket(`images.image${at}`, at + 1)))).toHaveLength(4);
  });

  test("are those of the file, then those that the kind declares besides, without widgets that have none", () => {
    const definition = kind(
      { a: ["IMAGE", {}], b: ["INT", {}], c: ["INT", { socketless: true }] },
      { d: ["MASK", {}] },
    );
    const raw = node([], {
      inputs: [
        { name: "old", type: "X", link: null },
        { name: "b", type: "INT", link: 4, widget: { name: "b" } },
      ],
    });
    expect(
      sockets(definition, raw).inputs.map(({ name, slot, widget, link, required }) => [
        name,
        slot,
        widget,
        link,
        required,
      ]),
    ).toEqual([
      ["old", 0, null, null, false],
      ["b", 1, "b", 4, true],
      ["a", -1, null, null, true],
      ["d", -1, null, null, false],
    ]);
  });

  test("are called what the file or the kind calls them", () => {
    const raw = node([], {
      inputs: [
        { name: "a", type: "X", label: "The A" },
        { name: "b", type: "X" },
      ],
      outputs: [{ name: "c", type: "X", links: null }],
    });
    expect(sockets(undefined, raw).inputs.map(({ label }) => label)).toEqual(["The A", "b"]);
    expect(sockets(undefined, raw).outputs).toMatchObject([{ label: "c", links: [], slot: 0 }]);
  });
});
