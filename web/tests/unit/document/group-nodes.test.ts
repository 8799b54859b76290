import { describe, expect, test } from "vitest";
import { widgetSlots } from "@/catalogue/slots";
import { sockets } from "@/catalogue/sockets";
import { isGroupNode } from "@/document/group-layout";
import { convertGroupNode } from "@/document/group-nodes";
import { readWorkflow } from "@/document/read";
import { type FileId, type JsonObject, type NodeRecord, ROOT, type Scope } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { definitionsOf } from "@/document/subgraph-definitions";
import { nodeDefinitionOf, subgraphInputs, subgraphOutputs } from "@/document/subgraphs";
import { widgetValue } from "@/document/values";
import { writeWorkflow } from "@/document/write";
import { complaints } from "./invariants";
import { CATALOGUE } from "./object-info";

const output = (name: string) => ({ name, type: name, links: [] });

/** An empty latent whose size shows, and a sampler that takes it; `batch_size` is hidden. */
const GROUP = {
  nodes: [
    {
      id: -1,
      index: 0,
      type: "EmptyLatentImage",
      pos: [10, 20],
      size: [200, 100],
      inputs: [],
      outputs: [output("LATENT")],
      widgets_values: [8, 8, 1],
    },
    {
      id: -1,
      index: 1,
      type: "KSampler",
      pos: [300, 20],
      size: [200, 300],
      inputs: [
        { name: "model", type: "MODEL", link: null },
        { name: "positive", type: "CONDITIONING", link: null },
        { name: "negative", type: "CONDITIONING", link: null },
        { name: "latent_image", type: "LATENT", link: null },
        { name: "cfg", type: "FLOAT", link: null, widget: { name: "cfg" } },
      ],
      outputs: [output("LATENT")],
      widgets_values: [1, "fixed", 20, 8, "euler", "normal", 1],
    },
  ],
  links: [[0, 0, 1, 3, 3, "LATENT"]],
  external: [[1, 0, "LATENT"]],
  config: {
    "0": { input: { batch_size: { visible: false } } },
    "1": { input: { positive: { name: "good" } } },
  },
};

function instance(id: number, values: readonly unknown[], links: readonly (number | null)[]): JsonObject {
  const names = ["model", "good", "negative", "cfg"];
  const types = ["MODEL", "CONDITIONING", "CONDITIONING", "FLOAT"];
  return {
    id,
    type: "workflow>mine",
    pos: [500, 600],
    size: [300, 400],
    flags: {},
    mode: 0,
    color: "#322",
    title: "Painter",
    inputs: names.map((name, at) => ({ name, type: types[at], link: links[at] ?? null })),
    outputs: [{ name: "LATENT", type: "LATENT", links: id === 4 ? [2] : [] }],
    widgets_values: values,
  } as unknown as JsonObject;
}

function workflow(): DocumentStore {
  const nodes = [
    { id: 1, type: "CheckpointLoaderSimple", outputs: [{ name: "MODEL", type: "MODEL", links: [1, 3] }] },
    { id: 2, type: "PrimitiveFloat", outputs: [{ name: "FLOAT", type: "FLOAT", links: [4] }] },
    instance(4, [64, 32, 2, 5, "fixed", 11, "heun", "karras", 0.5], [1, null, null, 4]),
    instance(5, [128, 256, 1, 6, "randomize", 12, "lms", "simple", 1], [3]),
    {
      id: 9,
      type: "VAEDecode",
      inputs: [{ name: "samples", type: "LATENT", link: 2 }],
      outputs: [output("IMAGE")],
    },
  ];
  const links = [
    [1, 1, 0, 4, 0, "MODEL"],
    [2, 4, 0, 9, 0, "LATENT"],
    [3, 1, 0, 5, 0, "MODEL"],
    [4, 2, 0, 4, 3, "FLOAT"],
  ];
  const extra = { groupNodes: { mine: GROUP }, other: 1 };
  return new DocumentStore(readWorkflow({ nodes, links, extra, version: 0.4 } as unknown as JsonObject));
}

function convert(store: DocumentStore, id: FileId): NodeRecord {
  return store.transact("convert", (tx) => convertGroupNode(tx, ROOT, id, CATALOGUE));
}

function inside(store: DocumentStore, scope: Scope, type: string): NodeRecord {
  const nodes = store.sheet(scope).nodes.map((id) => store.get(id));
  const found = nodes.find((node) => node?.kind === "node" && node.raw.type === type);
  if (found?.kind !== "node") throw new Error(`there is no ${type}`);
  return found;
}

describe("a group node", () => {
  test("is told from nodes that only look like one", () => {
    const { records } = workflow();
    expect(isGroupNode(records, { id: 1, type: "workflow>mine" })).toBe(true);
    expect(isGroupNode(records, { id: 1, type: "workflow/mine" })).toBe(true);
    expect(isGroupNode(records, { id: 1, type: "workflow>gone" })).toBe(false);
    expect(isGroupNode(records, { id: 1, type: "mine" })).toBe(false);
  });

  test("shows its widgets as what they are inside, in the order of its values", () => {
    const store = workflow();
    const { raw } = store.node(ROOT, 4) ?? { raw: { id: 0, type: "" } };
    const definition = nodeDefinitionOf(store.records, CATALOGUE, raw);
    expect(nodeDefinitionOf(store.records, CATALOGUE, raw)).toBe(definition);
    expect(definition).toMatchObject({ title: "mine", virtual: true });
    const shown = widgetSlots(definition, raw).map((slot) => [slot.name, slot.kind, widgetValue(raw, slot)]);
    expect(shown).toEqual([
      ["width", "integer", 64],
      ["height", "integer", 32],
      ["batch_size", "integer", 2],
      ["seed", "integer", 5],
      ["seed", "control", "fixed"],
      ["steps", "integer", 11],
      ["sampler_name", "choice", "heun"],
      ["scheduler", "choice", "karras"],
      ["denoise", "number", 0.5],
    ]);
    const joined = sockets(definition, raw).inputs.map(({ name, slot }) => [name, slot]);
    expect(joined).toEqual([
      ["model", 0],
      ["good", 1],
      ["negative", 2],
      ["cfg", 3],
    ]);
    expect(nodeDefinitionOf(store.records, CATALOGUE, { id: 1, type: "workflow>gone" })).toBeUndefined();
  });

  test("with kinds inside that nobody knows keeps every value in its place", () => {
    const strange = {
      id: -1,
      type: "Stranger",
      pos: [0, 0],
      inputs: [{ name: "in", type: "X", link: null }],
      outputs: [],
      widgets_values: ["a", 1],
    };
    const groups = {
      groupNodes: { mine: { ...GROUP, nodes: [strange, GROUP.nodes[0]], links: [], external: [] } },
    };
    const node = { ...instance(4, ["b", 2, 640, 320, 3], []), inputs: [] };
    const json = { nodes: [node], links: [], extra: groups, version: 0.4 } as unknown as JsonObject;
    const store = new DocumentStore(readWorkflow(json));
    const scope = convert(store, 4).raw.type;
    expect(inside(store, scope, "Stranger").raw.widgets_values).toEqual(["b", 2]);
    expect(inside(store, scope, "EmptyLatentImage").raw.widgets_values).toEqual([640, 320, 3]);
  });

  test("becomes a subgraph with its values, hidden ones too, and its looks", () => {
    const store = workflow();
    const made = convert(store, 4);
    expect(made.raw).toMatchObject({ pos: [500, 600], color: "#322", title: "Painter", mode: 0 });
    const scope = made.raw.type;
    expect(store.sheet(scope).rest.name).toBe("mine");
    expect(inside(store, scope, "EmptyLatentImage").raw.widgets_values).toEqual([64, 32, 2]);
    const sampler = [5, "fixed", 11, 8, "heun", "karras", 0.5];
    expect(inside(store, scope, "KSampler").raw.widgets_values).toEqual(sampler);
    expect(complaints(store.records)).toEqual([]);
  });

  test("keeps its wires, those into widgets that were made sockets included", () => {
    const store = workflow();
    const made = convert(store, 4);
    const joined = (made.raw.inputs ?? []).flatMap(({ name, link }) => (link == null ? [] : [name]));
    expect(joined).toEqual(["model", "cfg"]);
    expect(subgraphOutputs(store.sheet(made.raw.type)).map(({ name }) => name)).toEqual(["LATENT"]);
    const link = store.get("link:root:2");
    expect(link).toMatchObject({ origin: made.raw.id, originSlot: 0, target: 9, targetSlot: 0 });
    const model = store.node(ROOT, 1)?.raw.outputs?.[0]?.links;
    expect(model).toHaveLength(2);
  });

  test("shows the widgets that it showed, but not a seed that changes after each run", () => {
    const store = workflow();
    const shown = (scope: Scope) =>
      subgraphInputs(store.sheet(scope)).flatMap(({ name, type }) => (type === "INT" ? [name] : []));
    expect(shown(convert(store, 4).raw.type)).toEqual(["width", "height", "seed", "steps"]);
    const second = convert(store, 5).raw.type;
    expect(shown(second)).toEqual(["width", "height", "steps"]);
    expect(inside(store, second, "KSampler").raw.widgets_values).toEqual([
      6,
      "randomize",
      12,
      8,
      "lms",
      "simple",
      1,
    ]);
  });

  test("takes its definition along when it was the last one, and undo brings everything back", () => {
    const store = workflow();
    const before = JSON.stringify(writeWorkflow(store.records));
    convert(store, 4);
    expect(store.sheet(ROOT).rest.extra).toMatchObject({ groupNodes: { mine: {} } });
    convert(store, 5);
    expect(store.sheet(ROOT).rest.extra).toEqual({ other: 1 });
    expect(definitionsOf(store.records)).toHaveLength(2);
    store.undo();
    store.undo();
    expect(JSON.stringify(writeWorkflow(store.records))).toBe(before);
  });

  test("is refused where there is none", () => {
    const store = workflow();
    expect(() => convert(store, 9)).toThrow(RangeError);
    expect(() => convert(store, 77)).toThrow(RangeError);
  });
});
