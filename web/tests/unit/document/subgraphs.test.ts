import { describe, expect, test } from "vitest";
import { widgetSlots } from "@/catalogue/slots";
import { addGroup } from "@/document/groups";
import { connect, disconnect, portsOf } from "@/document/links";
import { makeSubgraph } from "@/document/make-subgraph";
import { addNode, removeItems, setMode } from "@/document/nodes";
import { demoteWidget, promoteWidget } from "@/document/promoted-widgets";
import { readWorkflow } from "@/document/read";
import { type FileId, type NodeRecord, nodeId, type RecordId, ROOT, type Scope } from "@/document/records";
import { addReroute } from "@/document/reroutes";
import { DocumentStore } from "@/document/store";
import { definitionsOf } from "@/document/subgraph-definitions";
import { exposeInput, removeSubgraphInput, renameSubgraphPort } from "@/document/subgraph-ports";
import { nodeDefinitionOf, subgraphInputs, subgraphOutputs } from "@/document/subgraphs";
import { unpackSubgraph } from "@/document/unpack-subgraph";
import { setValue, widgetValue } from "@/document/values";
import { writeWorkflow } from "@/document/write";
import { canonical } from "./canonical";
import { complaints, staleIds } from "./invariants";
import { CATALOGUE } from "./object-info";
import { randomOf } from "./random-numbers";
import { template, templates } from "./workflow-files";

const SAMPLER = kind("KSampler");
const TEXT = kind("CLIPTextEncode");
const LATENT = kind("EmptyLatentImage");
const DECODE = kind("VAEDecode");

function kind(type: string) {
  const found = CATALOGUE.get(type);
  if (!found) throw new Error(`the list of kinds has no ${type}`);
  return found;
}

/** A latent (1) into a sampler (2), two prompts (3, 4) into it, a decoder (5) behind it. */
function textToImage(): DocumentStore {
  const store = new DocumentStore(
    readWorkflow({ nodes: [], links: [], groups: [], version: 0.4, last_node_id: 0, last_link_id: 0 }),
  );
  store.transact("make", (tx) => {
    for (const [at, definition] of [LATENT, SAMPLER, TEXT, TEXT, DECODE].entries()) {
      addNode(tx, ROOT, definition, [at * 400, at * 10]);
    }
    connect(tx, ROOT, { origin: 1, originSlot: 0, target: 2, targetSlot: 3 });
    connect(tx, ROOT, { origin: 3, originSlot: 0, target: 2, targetSlot: 1 });
    connect(tx, ROOT, { origin: 4, originSlot: 0, target: 2, targetSlot: 2 });
    connect(tx, ROOT, { origin: 2, originSlot: 0, target: 5, targetSlot: 0 });
  });
  return store;
}

const ids = (...numbers: number[]): RecordId[] => numbers.map((id) => nodeId(ROOT, id));

function wrap(store: DocumentStore, chosen: Iterable<RecordId>, scope: Scope = ROOT): NodeRecord {
  const made = store.transact("wrap", (tx) => makeSubgraph(tx, scope, chosen, "Sub", CATALOGUE));
  return store.node(made.scope, made.raw.id) ?? made;
}

function slotOf(store: DocumentStore, node: NodeRecord, name: string) {
  const definition = nodeDefinitionOf(store.records, CATALOGUE, node.raw, node.scope);
  const slot = widgetSlots(definition, node.raw).find((one) => one.name === name);
  if (!slot) throw new Error(`there is no widget ${name}`);
  return slot;
}

function value(store: DocumentStore, scope: Scope, id: FileId, name: string) {
  const node = store.node(scope, id);
  return node && widgetValue(node.raw, slotOf(store, node, name));
}

test("a node gets an id that no node on any sheet of the workflow has, as other editors want it", () => {
  const store = textToImage();
  const { raw: instance } = wrap(store, ids(2, 3));
  expect(instance.id).toBe(6);
  const add = (scope: Scope) => store.transact("add", (tx) => addNode(tx, scope, LATENT, [0, 0])).raw.id;
  expect(add(instance.type)).toBe(7);
  expect(add(ROOT)).toBe(8);
  expect(add(instance.type)).toBe(9);
});

describe("a subgraph made of a selection", () => {
  test("takes its place, with inputs and outputs for what was wired to the outside", () => {
    const store = textToImage();
    const instance = wrap(store, ids(2, 3));
    const sheet = store.sheet(instance.raw.type);
    expect(subgraphInputs(sheet).map(({ name, type }) => [name, type])).toEqual([
      ["negative", "CONDITIONING"],
      ["latent_image", "LATENT"],
    ]);
    expect(subgraphOutputs(sheet).map(({ name, type }) => [name, type])).toEqual([["LATENT", "LATENT"]]);
    expect(instance.raw.inputs?.map(({ name }) => name)).toEqual(["negative", "latent_image"]);
    expect(store.sheet(ROOT).nodes).toEqual([...ids(1, 4, 5), nodeId(ROOT, 6)]);
    expect(complaints(store.records)).toEqual([]);
    const written = writeWorkflow(store.records) as { definitions: { subgraphs: { links: unknown[] }[] } };
    expect(written.definitions.subgraphs[0]?.links).toContainEqual({
      id: 1,
      origin_id: -10,
      origin_slot: 1,
      target_id: 2,
      target_slot: 3,
      type: "LATENT",
    });
  });

  test("has one input for an output that several nodes take", () => {
    const store = textToImage();
    store.transact("more", (tx) => {
      addNode(tx, ROOT, SAMPLER, [0, 900]);
      connect(tx, ROOT, { origin: 1, originSlot: 0, target: 6, targetSlot: 3 });
    });
    const instance = wrap(store, ids(2, 6));
    expect(subgraphInputs(store.sheet(instance.raw.type)).map(({ linkIds }) => linkIds.length)).toEqual([
      1, 1, 2,
    ]);
  });

  test("leaves no trace when it is undone", () => {
    const store = textToImage();
    const before = JSON.stringify(writeWorkflow(store.records));
    wrap(store, ids(2, 3));
    store.undo();
    expect(JSON.stringify(writeWorkflow(store.records))).toBe(before);
  });

  test("refuses a selection without nodes", () => {
    expect(() => wrap(textToImage(), [])).toThrow(RangeError);
  });
});

describe("unpacking what was made", () => {
  test.each(templates().map(({ name }) => [name] as const))("gives the same graph again: %s", (name) => {
    const random = randomOf(name.length);
    for (let round = 0; round < 4; round++) {
      const store = new DocumentStore(readWorkflow(template(name)));
      const stale = staleIds(store.records);
      const before = canonical(store.records, ROOT);
      const { nodes, groups } = store.sheet(ROOT);
      const chosen = [...nodes, ...groups].filter(() => random() < 0.4);
      if (!chosen.some((id) => id.startsWith("node:"))) continue;
      const instance = wrap(store, chosen);
      expect(complaints(store.records, stale)).toEqual([]);
      store.transact("unpack", (tx) => unpackSubgraph(tx, ROOT, instance.raw.id, CATALOGUE));
      expect(canonical(store.records, ROOT)).toEqual(before);
      expect(complaints(store.records, stale)).toEqual([]);
      expect(definitionsOf(store.records)).toEqual(definitionsOf(readWorkflow(template(name))));
    }
  });

  test("keeps points that wires are led through", () => {
    const store = textToImage();
    store.transact("route", (tx) => {
      for (const id of [1, 2, 4]) addReroute(tx, ROOT, id, [id * 10, 5]);
      addReroute(tx, ROOT, 1, [77, 7]);
    });
    const before = canonical(store.records, ROOT);
    const instance = wrap(store, ids(2, 3));
    expect(complaints(store.records)).toEqual([]);
    store.transact("unpack", (tx) => unpackSubgraph(tx, ROOT, instance.raw.id, CATALOGUE));
    expect(canonical(store.records, ROOT)).toEqual(before);
  });

  test("works for a subgraph within a subgraph", () => {
    const store = textToImage();
    const before = canonical(store.records, ROOT);
    const inner = wrap(store, ids(2, 3));
    const outer = wrap(store, [nodeId(ROOT, inner.raw.id), ...ids(1)]);
    expect(definitionsOf(store.records)).toHaveLength(2);
    const placed = store.transact("unpack", (tx) => unpackSubgraph(tx, ROOT, outer.raw.id, CATALOGUE));
    const again = placed
      .map((id) => store.get(id))
      .find((node) => node?.kind === "node" && node.raw.type === inner.raw.type);
    if (again?.kind !== "node") throw new Error("the inner subgraph is gone");
    store.transact("unpack", (tx) => unpackSubgraph(tx, ROOT, again.raw.id, CATALOGUE));
    expect(canonical(store.records, ROOT)).toEqual(before);
    expect(definitionsOf(store.records)).toEqual([]);
  });

  test("hands down the values and the mode of the instance", () => {
    const store = textToImage();
    const instance = wrap(store, ids(2));
    store.transact("promote", (tx) => promoteWidget(tx, instance.raw.type, 2, "steps", CATALOGUE));
    const shown = store.node(ROOT, instance.raw.id) ?? instance;
    store.transact("set", (tx) => {
      setValue(tx, ROOT, instance.raw.id, slotOf(store, shown, "steps"), 77);
      setMode(tx, ROOT, [instance.raw.id], 2);
    });
    const [placed = ""] = store.transact("unpack", (tx) =>
      unpackSubgraph(tx, ROOT, instance.raw.id, CATALOGUE),
    );
    const node = store.get(placed);
    expect(node).toMatchObject({ raw: { mode: 2, type: "KSampler" } });
    expect(node?.kind === "node" && value(store, ROOT, node.raw.id, "steps")).toBe(77);
  });
});

describe("promoted widgets", () => {
  function promoted() {
    const store = textToImage();
    const instance = wrap(store, ids(2));
    const scope = instance.raw.type;
    store.transact("promote", (tx) => {
      promoteWidget(tx, scope, 2, "steps", CATALOGUE);
      promoteWidget(tx, scope, 2, "sampler_name", CATALOGUE);
    });
    return { store, scope, id: instance.raw.id };
  }

  test("stand on the instance with the value that they had, in the order in which they were promoted", () => {
    const { store, id } = promoted();
    const node = store.node(ROOT, id);
    expect(node?.raw.widgets_values).toEqual([20, "euler"]);
    const definition = node && nodeDefinitionOf(store.records, CATALOGUE, node.raw);
    const slots = node ? widgetSlots(definition, node.raw) : [];
    expect(slots.map(({ name, kind: widget }) => [name, widget])).toEqual([
      ["steps", "integer"],
      ["sampler_name", "choice"],
    ]);
    expect(slots[1]?.input?.choices).toContain("euler");
    expect(complaints(store.records)).toEqual([]);
  });

  test("keep their values when another one goes", () => {
    const { store, scope, id } = promoted();
    const node = store.node(ROOT, id);
    if (!node) throw new Error("the instance is gone");
    store.transact("set", (tx) => setValue(tx, ROOT, id, slotOf(store, node, "sampler_name"), "heun"));
    store.transact("demote", (tx) => demoteWidget(tx, scope, 2, "steps", CATALOGUE));
    expect(store.node(ROOT, id)?.raw.widgets_values).toEqual(["heun"]);
    expect(value(store, ROOT, id, "sampler_name")).toBe("heun");
  });

  test("keep their values when the link of another one inside is taken away", () => {
    const { store, scope, id } = promoted();
    const [first] = subgraphInputs(store.sheet(scope)).filter(({ name }) => name === "steps");
    store.transact("cut", (tx) => disconnect(tx, scope, first?.linkIds[0] ?? -1));
    expect(store.node(ROOT, id)?.raw.widgets_values).toEqual(["euler"]);
  });

  test("give the node inside their value when they are demoted", () => {
    const { store, scope, id } = promoted();
    const node = store.node(ROOT, id);
    if (!node) throw new Error("the instance is gone");
    store.transact("set", (tx) => setValue(tx, ROOT, id, slotOf(store, node, "steps"), 33));
    store.transact("demote", (tx) => demoteWidget(tx, scope, 2, "steps", CATALOGUE));
    expect(value(store, scope, 2, "steps")).toBe(33);
    expect(store.node(ROOT, id)?.raw.inputs?.map(({ name }) => name)).not.toContain("steps");
  });

  test("go through several levels", () => {
    const { store, id } = promoted();
    const outer = wrap(store, [nodeId(ROOT, id)]);
    store.transact("promote", (tx) => promoteWidget(tx, outer.raw.type, id, "steps", CATALOGUE));
    const node = store.node(ROOT, outer.raw.id);
    expect(node?.raw.widgets_values).toEqual([20]);
    expect(value(store, ROOT, outer.raw.id, "steps")).toBe(20);
  });

  test("of files that list them at the instance are read in the order of that list", () => {
    const store = new DocumentStore(
      readWorkflow(template("image_qwen_image_instantx_inpainting_controlnet.json")),
    );
    const node = store.node(ROOT, 121);
    if (!node) throw new Error("the template has no node 121");
    expect(store.node(ROOT, 121)?.raw.properties?.proxyWidgets).toEqual([
      ["-1", "expand"],
      ["-1", "blur_radius"],
    ]);
    const definition = nodeDefinitionOf(store.records, CATALOGUE, node.raw);
    expect(widgetSlots(definition, node.raw).map(({ name, index }) => [name, index])).toEqual([
      ["expand", 0],
      ["blur_radius", 1],
    ]);
    store.transact("drop", (tx) => removeSubgraphInput(tx, node.raw.type, 1));
    expect(store.node(ROOT, 121)?.raw).toMatchObject({
      widgets_values: [31],
      properties: { proxyWidgets: [["-1", "blur_radius"]] },
    });
  });
});

describe("inputs of a subgraph", () => {
  test("are called what the user says, at the instances too", () => {
    const store = textToImage();
    const instance = wrap(store, ids(2));
    store.transact("rename", (tx) => renameSubgraphPort(tx, instance.raw.type, "inputs", 0, "The good"));
    expect(portsOf(store.sheet(instance.raw.type).rest, "inputs")[0]).toMatchObject({
      name: "positive",
      label: "The good",
    });
    expect(store.node(ROOT, instance.raw.id)?.raw.inputs?.[0]).toMatchObject({
      name: "positive",
      label: "The good",
    });
  });

  test("that go take their links along, and the others stay joined", () => {
    const store = textToImage();
    const instance = wrap(store, ids(2));
    const before = store.sheet(ROOT).links.length;
    store.transact("drop", (tx) => removeSubgraphInput(tx, instance.raw.type, 0));
    expect(complaints(store.records)).toEqual([]);
    expect(store.sheet(ROOT).links).toHaveLength(before - 1);
    expect(
      store.node(ROOT, instance.raw.id)?.raw.inputs?.map(({ name, link }) => [name, link !== null]),
    ).toEqual([
      ["negative", true],
      ["latent_image", true],
    ]);
  });

  test("can be made of a socket inside", () => {
    const store = textToImage();
    const instance = wrap(store, ids(2));
    store.transact("expose", (tx) => exposeInput(tx, instance.raw.type, 2, 0));
    expect(store.node(ROOT, instance.raw.id)?.raw.inputs?.at(-1)).toEqual({
      name: "model",
      type: "MODEL",
      link: null,
    });
  });
});

describe("a definition", () => {
  test("goes with its last instance, and those that only it used go too", () => {
    const store = textToImage();
    const inner = wrap(store, ids(2));
    const outer = wrap(store, [nodeId(ROOT, inner.raw.id)]);
    expect(definitionsOf(store.records)).toHaveLength(2);
    store.transact("remove", (tx) => removeItems(tx, ROOT, [nodeId(ROOT, outer.raw.id)]));
    expect(definitionsOf(store.records)).toEqual([]);
    expect([...store.records.values()].filter(({ scope }) => scope !== ROOT)).toEqual([]);
    store.undo();
    expect(complaints(store.records)).toEqual([]);
    expect(definitionsOf(store.records)).toHaveLength(2);
  });

  test("takes groups in that are selected with the nodes", () => {
    const store = textToImage();
    const group = store.transact("group", (tx) => addGroup(tx, ROOT, "G", [0, 0, 100, 100]));
    const instance = wrap(store, [...ids(2), `group:${ROOT}:${group.key}`]);
    expect(store.sheet(ROOT).groups).toEqual([]);
    expect(store.sheet(instance.raw.type).groups).toHaveLength(1);
  });
});
