import { describe, expect, test } from "vitest";
import { searchNodes } from "@/catalogue/search";
import { widgetSlots } from "@/catalogue/slots";
import { sockets } from "@/catalogue/sockets";
import { OFFERED_KINDS, PRIMITIVE } from "@/catalogue/virtual-kinds";
import { disconnect, inputSlotOf } from "@/document/links";
import { addNode } from "@/document/nodes";
import { connectValue, setSharedValue } from "@/document/primitives";
import { emptyWorkflow } from "@/document/read";
import { type Json, type LinkRecord, type NodeRecord, type RawNode, ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { nodeDefinitionOf } from "@/document/subgraphs";
import type { Transaction } from "@/document/transaction";
import { complaints } from "./invariants";
import { CATALOGUE } from "./object-info";

const ALL = new Map([...CATALOGUE, ...OFFERED_KINDS.map((kind) => [kind.type, kind] as const)]);

/** A primitive (1) beside two samplers (2, 3) and a latent (4). */
class Setting {
  readonly store = new DocumentStore(emptyWorkflow());

  constructor() {
    this.store.transact("make", (tx) => {
      addNode(tx, ROOT, PRIMITIVE, [0, 0]);
      for (const type of ["KSampler", "KSampler", "EmptyLatentImage"]) {
        const kind = CATALOGUE.get(type);
        if (kind) addNode(tx, ROOT, kind, [400, 0]);
      }
    });
  }

  node(id: number): NodeRecord {
    const node = this.store.node(ROOT, id);
    if (!node) throw new Error(`there is no node ${id}`);
    return node;
  }

  get primitive(): RawNode {
    return this.node(1).raw;
  }

  set(id: number, name: string, value: number | string): void {
    const { raw } = this.node(id);
    const definition = nodeDefinitionOf(this.store.records, ALL, raw);
    const slot = widgetSlots(definition, raw).find((one) => one.name === name);
    if (slot) this.store.transact("set", (tx) => setSharedValue(tx, { scope: ROOT, id, slot }, value, ALL));
  }

  join(target: number, name: string, also: (tx: Transaction) => void = () => undefined): LinkRecord {
    return this.store.transact("join", (tx) => {
      also(tx);
      const node = tx.needNode(ROOT, target);
      const targetSlot = inputSlotOf(tx, node, nodeDefinitionOf(tx, ALL, node.raw), name);
      return connectValue(tx, ROOT, { origin: 1, originSlot: 0, target, targetSlot }, ALL);
    });
  }

  cut(link: LinkRecord): void {
    this.store.transact("cut", (tx) => disconnect(tx, ROOT, link.id));
  }
}

describe("a primitive", () => {
  test("is found by its name, and offered for inputs that have a widget only", () => {
    const found = (type?: string) =>
      searchNodes(ALL, "primitive", type === undefined ? {} : { type, side: "output" });
    expect(found()).toContain(PRIMITIVE);
    expect(found("INT")).toContain(PRIMITIVE);
    expect(found("COMBO")).toContain(PRIMITIVE);
    expect(found("MODEL")).not.toContain(PRIMITIVE);
  });

  test("is written as ComfyUI writes it while nothing is joined", () => {
    const { primitive } = new Setting();
    expect(primitive.outputs).toEqual([{ name: "connect to widget input", type: "*", links: null }]);
    expect(primitive.widgets_values).toBeUndefined();
    expect(sockets(PRIMITIVE, primitive).outputs[0]?.type).toBe("INT,FLOAT,STRING,BOOLEAN,COMBO");
  });

  test("takes on type, value and rule of the first widget that it is joined to", () => {
    const setting = new Setting();
    setting.set(2, "steps", 31);
    const link = setting.join(2, "steps");
    expect(link.type).toBe("INT");
    const widget = { name: "steps" };
    expect(setting.primitive.outputs).toEqual([{ name: "INT", type: "INT", links: [link.id], widget }]);
    expect(setting.primitive.widgets_values).toEqual([31, "fixed"]);
    expect(complaints(setting.store.records)).toEqual([]);
  });

  test("takes the choices of a choice, with a rule and a filter", () => {
    const setting = new Setting();
    setting.set(2, "sampler_name", "heun");
    setting.join(2, "sampler_name");
    expect(setting.primitive.widgets_values).toEqual(["heun", "fixed", ""]);
    const definition = nodeDefinitionOf(setting.store.records, ALL, setting.primitive);
    expect(definition?.inputs[0]?.choices).toContain("euler");
  });

  test("keeps its own value when it is joined to a second widget, and both get it and keep it", () => {
    const setting = new Setting();
    const steps = (id: number) => (setting.node(id).raw.widgets_values as readonly Json[])[2];
    const link = setting.join(2, "steps");
    setting.set(1, "value", 7);
    setting.join(3, "steps");
    expect(setting.primitive.widgets_values).toEqual([7, "fixed"]);
    expect([steps(2), steps(3)]).toEqual([7, 7]);
    setting.set(1, "value", 9);
    setting.cut(link);
    expect([steps(2), steps(3)]).toEqual([9, 9]);
  });

  test("can be joined to anything again when its last wire is gone, and undo brings its value back", () => {
    const setting = new Setting();
    const link = setting.join(2, "steps");
    setting.set(1, "value", 7);
    setting.cut(link);
    expect(setting.primitive.outputs).toEqual([{ name: "connect to widget input", type: "*", links: [] }]);
    expect(setting.primitive.widgets_values).toBeUndefined();
    setting.join(2, "scheduler");
    expect(setting.primitive.outputs?.[0]?.type).toBe("COMBO");
    setting.store.undo();
    setting.store.undo();
    expect(setting.primitive.widgets_values).toEqual([7, "fixed"]);
  });

  test("keeps its value when its only wire is moved to another widget of the type", () => {
    const setting = new Setting();
    const link = setting.join(2, "steps");
    setting.set(1, "value", 7);
    setting.join(4, "batch_size", (tx) => disconnect(tx, ROOT, link.id));
    expect(setting.primitive.widgets_values).toEqual([7, "fixed"]);
    expect(setting.primitive.outputs?.[0]?.widget).toEqual({ name: "batch_size" });
  });
});
