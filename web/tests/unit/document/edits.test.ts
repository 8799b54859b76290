import { describe, expect, test } from "vitest";
import { widgetSlots } from "@/catalogue/slots";
import { NOTE, OFFERED_KINDS } from "@/catalogue/virtual-kinds";
import { addGroup, addGroupAround, amendGroup, itemsInGroup } from "@/document/groups";
import { connect, disconnect, inputSlotOf } from "@/document/links";
import {
  addNode,
  amendNode,
  moveItems,
  positionOf,
  removeItems,
  resizeNode,
  setFlag,
  sizeOf,
  titleOf,
} from "@/document/nodes";
import { readWorkflow } from "@/document/read";
import { type FileId, groupId, type JsonObject, linkId, nodeId, ROOT, rerouteId } from "@/document/records";
import { chainTo } from "@/document/reroute-chains";
import { addReroute, removeReroute } from "@/document/reroutes";
import { DocumentStore } from "@/document/store";
import { nodeDefinitionOf } from "@/document/subgraphs";
import { setValue, widgetValue } from "@/document/values";
import { writeWorkflow } from "@/document/write";
import { complaints } from "./invariants";
import { CATALOGUE } from "./object-info";

function open(json: JsonObject = {}): DocumentStore {
  return new DocumentStore(
    readWorkflow({ last_node_id: 0, last_link_id: 0, nodes: [], links: [], version: 0.4, ...json }),
  );
}

function kind(type: string) {
  const found = [...CATALOGUE.values(), ...OFFERED_KINDS].find((one) => one.type === type);
  if (!found) throw new Error(`the list of kinds has no ${type}`);
  return found;
}

/** Add nodes of some kinds; they get the ids 1, 2, ... */
function withNodes(...types: string[]): DocumentStore {
  const store = open();
  store.transact("add", (tx) => {
    for (const type of types) addNode(tx, ROOT, kind(type), [0, 0]);
  });
  return store;
}

const raw = (store: DocumentStore, id: FileId) => {
  const node = store.node(ROOT, id);
  if (!node) throw new Error(`there is no node ${id}`);
  return node.raw;
};

describe("a new node", () => {
  test("has its sockets, the values it starts with, and the next id", () => {
    const store = open({ last_node_id: 41 });
    store.transact("add", (tx) => addNode(tx, ROOT, kind("KSampler"), [10, 20]));
    expect(raw(store, 42)).toMatchObject({ type: "KSampler", pos: [10, 20], mode: 0, flags: {} });
    expect(
      raw(store, 42)
        .inputs?.slice(0, 5)
        .map(({ name, widget }) => [name, widget?.name]),
    ).toEqual([
      ["model", undefined],
      ["positive", undefined],
      ["negative", undefined],
      ["latent_image", undefined],
      ["seed", "seed"],
    ]);
    expect(raw(store, 42).widgets_values).toEqual([0, "randomize", 20, 8, "euler", "simple", 1]);
    expect(writeWorkflow(store.records)).toMatchObject({ last_node_id: 42 });
    store.undo();
    expect(writeWorkflow(store.records)).toMatchObject({ last_node_id: 41, nodes: [] });
  });

  test("gets a free id where the file's counter is behind", () => {
    const store = open({ last_node_id: 1, nodes: [{ id: 2, type: "A" }] });
    store.transact("add", (tx) => addNode(tx, ROOT, NOTE, [0, 0]));
    expect(raw(store, 3).type).toBe("Note");
  });

  test("keeps the counters of schema 1", () => {
    const store = open({ version: 1, state: { lastNodeId: 5, lastLinkId: 7 } });
    store.transact("add", (tx) => addNode(tx, ROOT, NOTE, [0, 0]));
    expect(writeWorkflow(store.records)).toMatchObject({ state: { lastNodeId: 6, lastLinkId: 7 } });
  });
});

describe("links", () => {
  function wired() {
    const store = withNodes("EmptyLatentImage", "KSampler", "VAEDecode", "EmptyLatentImage");
    store.transact("connect", (tx) =>
      connect(tx, ROOT, { origin: 1, originSlot: 0, target: 2, targetSlot: 3 }),
    );
    return store;
  }

  test("are written into both ends, and in the form of the file", () => {
    const store = wired();
    expect(raw(store, 2).inputs?.[3]?.link).toBe(1);
    expect(raw(store, 1).outputs?.[0]?.links).toEqual([1]);
    expect(writeWorkflow(store.records)).toMatchObject({
      links: [[1, 1, 0, 2, 3, "LATENT"]],
      last_link_id: 1,
    });
  });

  test("take the place of what was on the input", () => {
    const store = wired();
    store.transact("connect", (tx) =>
      connect(tx, ROOT, { origin: 4, originSlot: 0, target: 2, targetSlot: 3 }),
    );
    expect(raw(store, 1).outputs?.[0]?.links).toEqual([]);
    expect(store.sheet(ROOT).links).toEqual([linkId(ROOT, 2)]);
    expect(complaints(store.records)).toEqual([]);
  });

  test("go with the nodes at their ends", () => {
    const store = wired();
    store.transact("remove", (tx) => removeItems(tx, ROOT, [nodeId(ROOT, 1)]));
    expect(raw(store, 2).inputs?.[3]?.link).toBeNull();
    expect(complaints(store.records)).toEqual([]);
  });

  test("may lead to a widget whose socket the file does not have yet", () => {
    const store = open({
      nodes: [
        { id: 1, type: "PrimitiveInt", outputs: [{ name: "INT", type: "INT", links: null }] },
        { id: 2, type: "KSampler", inputs: [], widgets_values: [1, "fixed", 20] },
      ],
    });
    store.transact("connect", (tx) => {
      const node = tx.needNode(ROOT, 2);
      connect(tx, ROOT, {
        origin: 1,
        originSlot: 0,
        target: 2,
        targetSlot: inputSlotOf(tx, node, kind("KSampler"), "steps"),
      });
    });
    expect(raw(store, 2).inputs).toEqual([
      { name: "steps", type: "INT", link: 1, widget: { name: "steps" } },
    ]);
    expect(raw(store, 2).widgets_values).toEqual([1, "fixed", 20]);
  });

  test.each([
    ["a node", { origin: 9, originSlot: 0, target: 2, targetSlot: 0 }],
    ["an output", { origin: 1, originSlot: 5, target: 2, targetSlot: 0 }],
    ["an input", { origin: 1, originSlot: 0, target: 2, targetSlot: 99 }],
  ])("to %s that does not exist are refused, and nothing changes", (_, ends) => {
    const store = wired();
    const before = store.records.get(nodeId(ROOT, 2));
    expect(() => store.transact("connect", (tx) => connect(tx, ROOT, ends))).toThrow(RangeError);
    expect(() => store.transact("cut", (tx) => disconnect(tx, ROOT, 77))).toThrow(RangeError);
    expect(store.records.get(nodeId(ROOT, 2))).toBe(before);
    expect(store.done).toHaveLength(2);
  });
});

describe("values", () => {
  test("fill the places before them with what these start with", () => {
    const store = open({ nodes: [{ id: 1, type: "KSampler" }] });
    const slots = widgetSlots(kind("KSampler"), raw(store, 1));
    const steps = slots.find(({ name }) => name === "steps");
    if (!steps) throw new Error("there are no steps");
    store.transact("set", (tx) => setValue(tx, ROOT, 1, steps, 7));
    expect(raw(store, 1).widgets_values).toEqual([0, "randomize", 7]);
  });

  test("make the place for what becomes of a seed where an old file lacks it", () => {
    const store = open({
      nodes: [{ id: 1, type: "KSampler", widgets_values: [5, 20, 8, "euler", "normal", 1] }],
    });
    const control = widgetSlots(kind("KSampler"), raw(store, 1)).find((slot) => slot.kind === "control");
    if (!control) throw new Error("there is no control");
    expect(widgetValue(raw(store, 1), control)).toBe("randomize");
    store.transact("set", (tx) => setValue(tx, ROOT, 1, control, "fixed"));
    expect(raw(store, 1).widgets_values).toEqual([5, "fixed", 20, 8, "euler", "normal", 1]);
  });

  test("by name are kept by name, and beside the list where the file has both", () => {
    const store = open({
      nodes: [
        { id: 1, type: "KSampler", widgets_values: { steps: 3, other: 1 } },
        { id: 2, type: "KSampler", widgets_values: [1, "fixed", 3], widgets_values_named: { steps: 3 } },
      ],
    });
    for (const id of [1, 2]) {
      const steps = widgetSlots(kind("KSampler"), raw(store, id)).find(({ name }) => name === "steps");
      if (!steps) throw new Error("there are no steps");
      expect(widgetValue(raw(store, id), steps)).toBe(3);
      store.transact("set", (tx) => setValue(tx, ROOT, id, steps, 9));
    }
    expect(raw(store, 1).widgets_values).toEqual({ steps: 9, other: 1 });
    expect(raw(store, 2)).toMatchObject({
      widgets_values: [1, "fixed", 9],
      widgets_values_named: { steps: 9 },
    });
  });
});

test("the rule of a seed is kept by name where the file does so, of several rules the last one", () => {
  const named = { seed: 1, control_after_generate: "fixed", steps: 3 };
  const seeds = { ...kind("KSampler"), type: "Two" };
  const input = (name: string) => ({ name, type: "INT", options: {}, required: true });
  const two = { ...seeds, inputs: [input("seed"), input("noise_seed")] };
  const store = open({
    nodes: [{ id: 1, type: "Two", widgets_values: [1, "fixed", 2, "fixed"], widgets_values_named: named }],
  });
  const rules = widgetSlots(two, raw(store, 1)).filter((slot) => slot.kind === "control");
  for (const [at, rule] of rules.entries()) {
    store.transact("set", (tx) => setValue(tx, ROOT, 1, rule, at === 0 ? "increment" : "decrement"));
    const expected = at === 0 ? "fixed" : "decrement";
    expect(raw(store, 1).widgets_values_named).toEqual({ ...named, control_after_generate: expected });
  }
  expect(raw(store, 1).widgets_values).toEqual([1, "increment", 2, "decrement"]);
});

describe("places and sizes", () => {
  test("keep the form that the file has them in", () => {
    const store = open({
      nodes: [{ id: 1, type: "A", pos: { "0": 1, "1": 2 }, size: { "0": 3, "1": 4 } }],
      groups: [{ bounding: [0, 0, 10, 20] }],
    });
    store.transact("move", (tx) => {
      moveItems(
        tx,
        new Map([
          [nodeId(ROOT, 1), [5, 6]],
          [groupId(ROOT, "nameless-0"), [7, 8]],
        ]),
      );
      resizeNode(tx, ROOT, 1, [30, 40]);
    });
    expect(raw(store, 1)).toMatchObject({ pos: { "0": 5, "1": 6 }, size: { "0": 30, "1": 40 } });
    expect([positionOf(raw(store, 1)), sizeOf(raw(store, 1))]).toEqual([
      [5, 6],
      [30, 40],
    ]);
    expect(writeWorkflow(store.records).groups).toEqual([{ bounding: [7, 8, 10, 20] }]);
  });

  test("of what is not there cannot be set", () => {
    expect(() => open().transact("move", (tx) => moveItems(tx, new Map([["node:root:1", [0, 0]]])))).toThrow(
      RangeError,
    );
  });

  test("move without any sheet being written anew", () => {
    const store = withNodes("KSampler");
    const sheet = store.sheet(ROOT);
    store.transact("move", (tx) => moveItems(tx, new Map([[nodeId(ROOT, 1), [5, 5]]])));
    expect(store.sheet(ROOT)).toBe(sheet);
  });
});

test("what a node's JSON says is changed key by key, and taken away by undefined", () => {
  const store = withNodes("KSampler");
  store.transact("amend", (tx) => {
    amendNode(tx, ROOT, 1, { title: "Mine", color: "#111" });
    setFlag(tx, ROOT, 1, "pinned", true);
  });
  expect(raw(store, 1)).toMatchObject({ title: "Mine", color: "#111", flags: { pinned: true } });
  expect(titleOf(raw(store, 1), kind("KSampler"))).toBe("Mine");
  store.transact("amend", (tx) => {
    amendNode(tx, ROOT, 1, { title: undefined } as never);
    setFlag(tx, ROOT, 1, "pinned", false);
  });
  expect("title" in raw(store, 1)).toBe(false);
  expect(raw(store, 1).flags).toEqual({});
});

describe("groups", () => {
  test("hold the nodes whose middle is in them, and groups that are wholly in them", () => {
    const store = open({
      nodes: [
        { id: 1, type: "A", pos: [10, 40], size: [100, 100] },
        { id: 2, type: "A", pos: [180, 40], size: [200, 100] },
      ],
      groups: [
        { id: 1, bounding: [0, 0, 200, 200] },
        { id: 2, bounding: [10, 10, 50, 50] },
      ],
    });
    const group = store.get(groupId(ROOT, "1"));
    expect(group?.kind === "group" && itemsInGroup(store.records, group)).toEqual([
      nodeId(ROOT, 1),
      groupId(ROOT, "2"),
    ]);
  });

  test("are made around things, changed and taken away while these stay", () => {
    const store = open({ nodes: [{ id: 1, type: "A", pos: [100, 100], size: [50, 50] }] });
    const made = store.transact("group", (tx) => addGroupAround(tx, ROOT, "G", [nodeId(ROOT, 1)]));
    expect(made.raw).toMatchObject({ id: 1, title: "G", bounding: [90, 26, 70, 134] });
    store.transact("group", (tx) => amendGroup(tx, ROOT, made.key, { title: "H" }));
    expect(writeWorkflow(store.records).groups).toMatchObject([{ title: "H" }]);
    store.transact("remove", (tx) => removeItems(tx, ROOT, [groupId(ROOT, made.key)]));
    expect(store.sheet(ROOT)).toMatchObject({ groups: [], nodes: [nodeId(ROOT, 1)] });
    expect(() => store.transact("x", (tx) => addGroupAround(tx, ROOT, "G", []))).toThrow(RangeError);
    expect(store.transact("x", (tx) => addGroup(tx, ROOT, "N", [0, 0, 1, 1])).key).toBe("1");
  });
});

describe("points that links are led through", () => {
  function routed() {
    const store = withNodes("EmptyLatentImage", "KSampler");
    store.transact("connect", (tx) =>
      connect(tx, ROOT, { origin: 1, originSlot: 0, target: 2, targetSlot: 3 }),
    );
    const [last, first] = [
      store.transact("route", (tx) => addReroute(tx, ROOT, 1, [200, 0])).raw.id,
      store.transact("route", (tx) => addReroute(tx, ROOT, 1, [100, 0], 1)).raw.id,
    ];
    return { store, first, last };
  }
  const chain = (store: DocumentStore) =>
    chainTo(
      store,
      ROOT,
      store.records.get(linkId(ROOT, 1))?.kind === "link" ? linkOf(store)?.parent : undefined,
    ).map(({ raw: { id } }) => id);
  const linkOf = (store: DocumentStore) => {
    const link = store.get(linkId(ROOT, 1));
    return link?.kind === "link" ? link : undefined;
  };

  test("stand in the order of the way, and in the file where ComfyUI looks for them", () => {
    const { store, first, last } = routed();
    expect(chain(store)).toEqual([first, last]);
    expect(writeWorkflow(store.records).extra).toEqual({
      reroutes: [
        { id: 1, pos: [200, 0], linkIds: [1], parentId: 2 },
        { id: 2, pos: [100, 0], linkIds: [1] },
      ],
      linkExtensions: [{ id: 1, parentId: 1 }],
    });
  });

  test("close the way when one goes", () => {
    const { store, first, last } = routed();
    store.transact("unroute", (tx) => removeReroute(tx, ROOT, last));
    expect(chain(store)).toEqual([first]);
    store.transact("unroute", (tx) => removeReroute(tx, ROOT, first));
    expect(linkOf(store)?.parent).toBeUndefined();
    expect(complaints(store.records)).toEqual([]);
  });

  test("go with the last link that is led through them", () => {
    const { store } = routed();
    store.transact("cut", (tx) => disconnect(tx, ROOT, 1));
    expect(store.sheet(ROOT).reroutes).toEqual([]);
    store.undo();
    expect(store.get(rerouteId(ROOT, 1))).toBeDefined();
  });

  test("are refused where there is no such link or place", () => {
    const { store } = routed();
    expect(() => store.transact("route", (tx) => addReroute(tx, ROOT, 99, [0, 0]))).toThrow(RangeError);
    expect(() => store.transact("route", (tx) => addReroute(tx, ROOT, 1, [0, 0], 99))).toThrow(RangeError);
  });
});

describe("kinds that only the editor has", () => {
  test("a primitive takes the kind of the widget that it is joined to", () => {
    const store = withNodes("PrimitiveNode", "KSampler");
    store.transact("connect", (tx) => {
      const slot = inputSlotOf(tx, tx.needNode(ROOT, 2), kind("KSampler"), "sampler_name");
      connect(tx, ROOT, { origin: 1, originSlot: 0, target: 2, targetSlot: slot });
    });
    const definition = nodeDefinitionOf(store.records, CATALOGUE, raw(store, 1));
    expect(definition?.inputs[0]).toMatchObject({ name: "value", type: "COMBO" });
    expect(definition?.inputs[0]?.choices).toContain("euler");
    expect(widgetSlots(definition, raw(store, 1)).map(({ kind: widget }) => widget)).toEqual([
      "choice",
      "control",
      "filter",
    ]);
  });

  test("a primitive that is joined to nothing keeps the value it had", () => {
    const store = open({
      nodes: [
        {
          id: 1,
          type: "PrimitiveNode",
          outputs: [{ name: "INT", type: "INT", links: null }],
          widgets_values: [5, "fixed"],
        },
      ],
    });
    const definition = nodeDefinitionOf(store.records, CATALOGUE, raw(store, 1));
    expect(widgetSlots(definition, raw(store, 1)).map((slot) => widgetValue(raw(store, 1), slot))).toEqual([
      5,
      "fixed",
    ]);
  });

  test("a reroute has the type of what is led through it, and a note has a text", () => {
    const store = open({
      nodes: [
        { id: 1, type: "Reroute", outputs: [{ name: "", type: "VAE" }] },
        { id: 2, type: "Note", widgets_values: ["hi"] },
      ],
    });
    expect(nodeDefinitionOf(store.records, CATALOGUE, raw(store, 1))?.outputs[0]?.type).toBe("VAE");
    const note = nodeDefinitionOf(store.records, CATALOGUE, raw(store, 2));
    expect(
      widgetSlots(note, raw(store, 2)).map((slot) => [slot.kind, widgetValue(raw(store, 2), slot)]),
    ).toEqual([["multiline", "hi"]]);
  });

  test("any other unknown kind has no definition", () => {
    expect(nodeDefinitionOf(open().records, CATALOGUE, { id: 1, type: "Nobody" })).toBeUndefined();
  });
});
