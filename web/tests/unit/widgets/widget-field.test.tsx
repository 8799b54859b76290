import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Profiler } from "react";
import { afterEach, describe, expect, it } from "vitest";
import type { InputDefinition, NodeDefinition } from "@/catalogue/definitions";
import { widgetSlots } from "@/catalogue/slots";
import { connect } from "@/document/links";
import { addNode, moveItems } from "@/document/nodes";
import { emptyWorkflow } from "@/document/read";
import { nodeId, ROOT } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { widgetValue } from "@/document/values";
import { WidgetField } from "@/widgets/widget-field";

afterEach(cleanup);

const input = (name: string, type: string, options = {}, choices?: readonly string[]): InputDefinition => ({
  name,
  type,
  options,
  required: true,
  ...(choices && { choices }),
});

function kind(
  type: string,
  inputs: readonly InputDefinition[],
  outputs: readonly string[] = [],
): NodeDefinition {
  return {
    type,
    title: type,
    category: "",
    description: "",
    inputs,
    outputs: outputs.map((name) => ({ name, type: name, isList: false })),
    isOutput: false,
    deprecated: false,
    experimental: false,
    module: "nodes",
    aliases: [],
  };
}

const SAMPLER = kind("Sampler", [
  input("seed", "INT", { min: 0, max: 100 }),
  input("cfg", "FLOAT", { default: 8, min: 0, max: 100, step: 0.1 }),
  input("sampler", "COMBO", {}, ["euler", "heun", "dpm_2"]),
  input("on", "BOOLEAN", { default: false, label_on: "yes", label_off: "no" }),
  input("prompt", "STRING", { multiline: true }),
  input("ink", "COLOR", { default: "#102030" }),
]);
const NUMBER = kind("Number", [], ["FLOAT"]);

/** A document with one node, and one of its widgets on the screen. */
function shown(name: string, linked = false) {
  const store = new DocumentStore(emptyWorkflow());
  const node = store.transact("add", (tx) => addNode(tx, ROOT, SAMPLER, [0, 0]));
  const id = node.raw.id;
  const slot = widgetSlots(SAMPLER, node.raw).find((one) => one.name === name && one.sent);
  if (!slot) throw new RangeError(`there is no widget ${name}`);
  const raw = () => {
    const record = store.node(ROOT, id);
    if (!record) throw new RangeError("the node is gone");
    return record.raw;
  };
  let drawn = 0;
  const view = (isLinked: boolean) => (
    <Profiler id="field" onRender={() => (drawn += 1)}>
      <WidgetField
        {...{ store, slot }}
        scope={ROOT}
        node={id}
        definition={SAMPLER}
        linked={isLinked}
        size="node"
      />
    </Profiler>
  );
  const { rerender } = render(view(linked));
  return {
    store,
    id,
    value: () => widgetValue(raw(), slot),
    drawn: () => drawn,
    link: () => rerender(view(true)),
  };
}

describe("a widget on a node", () => {
  it("is drawn anew when its value changes, not when its node moves", () => {
    const { store, id, drawn } = shown("cfg");
    const before = drawn();
    act(() => store.transact("move", (tx) => moveItems(tx, new Map([[nodeId(ROOT, id), [50, 60]]]))));
    expect(drawn()).toBe(before);
    fireEvent.keyDown(screen.getByRole("spinbutton"), { key: "ArrowUp" });
    expect(drawn()).toBeGreaterThan(before);
    expect(screen.getByRole("spinbutton").textContent).toBe("8.1");
  });

  it("says where its value comes from when a wire sets it", () => {
    const { store, id, link } = shown("cfg");
    act(() =>
      store.transact("wire", (tx) => {
        const from = addNode(tx, ROOT, NUMBER, [0, 0]);
        const slot = tx.needNode(ROOT, id).raw.inputs?.findIndex(({ name }) => name === "cfg") ?? -1;
        connect(tx, ROOT, { origin: from.raw.id, originSlot: 0, target: id, targetSlot: slot });
      }),
    );
    link();
    expect(screen.queryByRole("spinbutton")).toBeNull();
    expect(screen.getByText("Number")).toBeTruthy();
  });
});

describe("number widgets", () => {
  it("tell assistive technology their value and limits", () => {
    shown("cfg");
    const spin = screen.getByRole("spinbutton", { name: "cfg" });
    expect(spin.getAttribute("aria-valuenow")).toBe("8");
    expect(spin.getAttribute("aria-valuemin")).toBe("0");
    expect(spin.getAttribute("aria-valuemax")).toBe("100");
  });

  it("take a sum, refuse what is none, and leave the old value on Escape", async () => {
    const { value } = shown("cfg");
    const user = userEvent.setup();
    screen.getByRole("spinbutton").focus();
    await user.keyboard("{Enter}");
    const field = screen.getByRole("textbox", { name: "cfg" });
    await user.clear(field);
    await user.type(field, "two{Enter}");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(value()).toBe(8);
    await user.clear(field);
    await user.type(field, "2*3{Enter}");
    expect(value()).toBe(6);
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("keep many presses of the arrows as one step of undo", () => {
    const { store, value } = shown("seed");
    const steps = store.done.length;
    const spin = screen.getByRole("spinbutton");
    for (let times = 0; times < 5; times += 1) fireEvent.keyDown(spin, { key: "ArrowUp", shiftKey: true });
    expect(value()).toBe(50);
    expect(store.done.length).toBe(steps + 1);
    act(() => void store.undo());
    expect(value()).toBe(0);
  });

  it("draw a new seed with the die", () => {
    const { value } = shown("seed");
    const seen = new Set<unknown>();
    for (let times = 0; times < 30; times += 1) {
      fireEvent.click(screen.getByRole("button", { name: "New random seed" }));
      seen.add(value());
    }
    expect(seen.size).toBeGreaterThan(3);
  });
});

describe("choices", () => {
  it("are marked when the value is not in the list", () => {
    const { store, id } = shown("sampler");
    expect(screen.getByRole("button", { name: /sampler/ }).getAttribute("aria-invalid")).toBeNull();
    act(() =>
      store.transact("set", (tx) => {
        const node = tx.needNode(ROOT, id);
        const values = (node.raw.widgets_values as readonly unknown[]).map((one) =>
          one === "euler" ? "gone" : one,
        );
        tx.put({ ...node, raw: { ...node.raw, widgets_values: values as never } });
      }),
    );
    const button = screen.getByRole("button", { name: /sampler gone/ });
    expect(button.getAttribute("aria-invalid")).toBe("true");
    expect(button.title).toContain("gone");
  });

  it("go to the next entry with the arrows while closed", () => {
    const { value } = shown("sampler");
    fireEvent.keyDown(screen.getByRole("button", { name: /sampler/ }), { key: "ArrowRight" });
    expect(value()).toBe("heun");
  });
});

describe("other widgets", () => {
  it("switch, with the names of their states", () => {
    const { value } = shown("on");
    const toggle = screen.getByRole("switch", { name: "on" });
    expect(toggle.textContent).toBe("no");
    fireEvent.click(toggle);
    expect(value()).toBe(true);
    expect(toggle.textContent).toBe("yes");
  });

  it("keep the keys of a text from the canvas, but not those of the whole page", async () => {
    const { value } = shown("prompt");
    const heard: string[] = [];
    const listen = (event: KeyboardEvent) => heard.push(event.key);
    window.addEventListener("keydown", listen);
    const text = screen.getByRole("textbox", { name: "prompt" });
    fireEvent.keyDown(text, { key: "Delete" });
    fireEvent.keyDown(text, { key: "a", ctrlKey: true });
    fireEvent.keyDown(text, { key: "Enter", ctrlKey: true });
    window.removeEventListener("keydown", listen);
    expect(heard).toEqual(["Enter"]);
    await userEvent.type(text, "a cat");
    expect(value()).toBe("a cat");
  });

  it("take colours by their digits only when they are colours", () => {
    const { value } = shown("ink");
    const digits = screen.getByRole("textbox", { name: "ink" });
    fireEvent.change(digits, { target: { value: "red" } });
    fireEvent.blur(digits);
    expect(value()).toBe("#102030");
    fireEvent.change(digits, { target: { value: "abc" } });
    fireEvent.blur(digits);
    expect(value()).toBe("#aabbcc");
  });
});
