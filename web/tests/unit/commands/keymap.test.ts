import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keysOf, listenToKeys, normalKeys, usesKeys } from "@/commands/keymap";
import type { Command } from "@/editor/command";

const press = (key: string, held: Partial<KeyboardEventInit> = {}): KeyboardEvent =>
  new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...held });

test("keys are compared in one order and in small letters", () => {
  expect(normalKeys("Shift+Mod+Z")).toBe("mod+shift+z");
  expect(normalKeys("esc")).toBe("escape");
  expect(normalKeys("+")).toBe("plus");
  expect(normalKeys("mod++")).toBe("mod+plus");
});

describe("what was pressed", () => {
  test("is written as commands write it", () => {
    expect(keysOf(press("Z", { ctrlKey: true, shiftKey: true }))).toBe("mod+shift+z");
    expect(keysOf(press("Delete"))).toBe("delete");
    expect(keysOf(press(" "))).toBe("space");
    expect(keysOf(press("F1"))).toBe("f1");
  });

  test("has no shift where the sign has it already", () => {
    expect(keysOf(press("?", { shiftKey: true }))).toBe("?");
    expect(keysOf(press("+", { ctrlKey: true, shiftKey: true }))).toBe("mod+plus");
  });

  test("is the letter on the key where the layout is in another script", () => {
    expect(keysOf(press("я", { code: "KeyZ", ctrlKey: true }))).toBe("mod+z");
    expect(keysOf(press("Ω", { code: "KeyZ", altKey: true }))).toBe("alt+z");
  });
});

describe("what has the focus", () => {
  const element = (html: string): Element => {
    document.body.innerHTML = html;
    return document.body.querySelector("[data-it]") ?? document.body;
  };

  test("keeps letters and the keys of editing while text is written", () => {
    const field = element("<input data-it>");
    for (const keys of ["a", "?", "delete", "mod+z", "mod+a", "mod+arrowup"]) {
      expect(usesKeys(field, keys), keys).toBe(true);
    }
    for (const keys of ["mod+enter", "mod+k", "mod+s", "f1"]) expect(usesKeys(field, keys), keys).toBe(false);
  });

  test("keeps only its own keys where nothing is written", () => {
    const button = element("<button data-it></button>");
    expect(usesKeys(button, "enter")).toBe(true);
    expect(usesKeys(button, "space")).toBe(true);
    expect(usesKeys(button, "?")).toBe(false);
    expect(usesKeys(element('<input type="checkbox" data-it>'), "a")).toBe(false);
  });

  test("keeps everything plain in a dialog or a menu", () => {
    const inside = element('<div role="dialog"><button data-it></button></div>');
    expect(usesKeys(inside, "delete")).toBe(true);
    expect(usesKeys(inside, "mod+z")).toBe(true);
    expect(usesKeys(inside, "mod+k")).toBe(false);
  });
});

describe("commands", () => {
  let ran: string[] = [];
  let usable = true;
  let stop = (): void => undefined;
  const command = (id: string, keys: string): Command => ({
    id,
    group: "edit",
    label: "common.ok",
    keys: [keys],
    enabled: () => usable,
    run: () => {
      ran.push(id);
    },
  });

  beforeEach(() => {
    ran = [];
    usable = true;
    document.body.innerHTML = "<input>";
    stop = listenToKeys([command("undo", "mod+z"), command("help", "?")]);
  });
  afterEach(() => stop());

  test("run on their keys, and the browser does nothing with those", () => {
    const event = press("z", { ctrlKey: true });
    dispatchEvent(event);
    expect(ran).toEqual(["undo"]);
    expect(event.defaultPrevented).toBe(true);
  });

  test("do not run while they cannot be used", () => {
    usable = false;
    const event = press("?", { shiftKey: true });
    dispatchEvent(event);
    expect(ran).toEqual([]);
    expect(event.defaultPrevented).toBe(false);
  });

  test("do not run on keys that a field or another handler has used", () => {
    document.querySelector("input")?.dispatchEvent(press("z", { ctrlKey: true }));
    const used = press("?", { shiftKey: true });
    used.preventDefault();
    dispatchEvent(used);
    expect(ran).toEqual([]);
  });

  test("do not run while a word of another script is put together", () => {
    dispatchEvent(press("?", { isComposing: true }));
    expect(ran).toEqual([]);
  });
});
