/** Which keys do what. */

import type { Command } from "@/editor/command";
import { keyParts } from "@/ui/keys";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** Keys with `mod` that belong to a field while it is written in. */
const OF_FIELDS = new Set(
  ["a", "c", "v", "x", "z", "y", "shift+z", "shift+v", "arrowup", "arrowdown", "arrowleft", "arrowright"]
    .concat(["backspace", "delete", "home", "end", "b", "i"])
    .map((key) => `mod+${key}`),
);

/** Keys that controls use themselves: buttons, sliders, lists, tabs. */
const OF_CONTROLS = new Set(["enter", "space", "tab", "escape", "home", "end", "pageup", "pagedown"]);

const WRITTEN_IN = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';
const NOT_WRITTEN_IN =
  'input:is([type="button"], [type="checkbox"], [type="radio"], [type="range"], [type="color"])';
const CONTROL = "button, a[href], input, summary, [role=tab], [role=slider], [role=separator], [role=switch]";
const APART = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

const NAMES: Readonly<Record<string, string>> = { " ": "space", "+": "plus", esc: "escape" };

/** Return keys in their one order, `mod+ctrl+alt+shift+key`, in small letters. */
export function normalKeys(keys: string): string {
  const parts = [...keyParts(keys.toLowerCase())];
  const key = parts.pop() ?? "";
  const held = ["mod", "ctrl", "alt", "shift"].filter((one) => parts.includes(one));
  return [...held, NAMES[key] ?? key].join("+");
}

/** The letter or digit on the key where the layout gives another script, or Alt changes the sign. */
function keyOf(event: KeyboardEvent): string {
  const letter = /^(?:Key|Digit)(\w)$/.exec(event.code)?.[1];
  const foreign = event.key.length === 1 && event.key > "~";
  if (letter && (foreign || event.altKey)) return letter.toLowerCase();
  const key = event.key.toLowerCase();
  return NAMES[key] ?? key;
}

/** Return what was pressed, as commands write it: `mod+shift+z`, `?`, `delete`. */
export function keysOf(event: KeyboardEvent): string {
  const key = keyOf(event);
  const sign = event.key.length === 1 && /[^\p{L}\p{N}\s]/u.test(event.key);
  const held = [
    (MAC ? event.metaKey : event.ctrlKey) && "mod",
    MAC && event.ctrlKey && "ctrl",
    event.altKey && "alt",
    // Shift is part of how a sign is written, such as `?`.
    event.shiftKey && !sign && "shift",
  ];
  return [...held, key].filter(Boolean).join("+");
}

/** Whether what has the focus uses these keys itself. */
export function usesKeys(target: Element | null, keys: string): boolean {
  if (!target) return false;
  const withMod = keys.startsWith("mod+");
  if (target.matches(WRITTEN_IN) && !target.matches(NOT_WRITTEN_IN)) {
    return withMod ? OF_FIELDS.has(keys) : !/^f\d+$/.test(keys);
  }
  if (target.closest(APART)) return !withMod || OF_FIELDS.has(keys);
  if (withMod) return false;
  return target.matches(CONTROL) && (OF_CONTROLS.has(keys) || keys.startsWith("arrow"));
}

/** Return the commands by their keys; the first command of two with the same keys has them. */
function keymapOf(commands: readonly Command[]): ReadonlyMap<string, Command> {
  const map = new Map<string, Command>();
  for (const command of commands) {
    for (const keys of command.keys ?? []) {
      const normal = normalKeys(keys);
      if (!map.has(normal)) map.set(normal, command);
    }
  }
  return map;
}

/** Run commands on their keys from now on; returns the function that ends this. */
export function listenToKeys(commands: readonly Command[]): () => void {
  const map = keymapOf(commands);
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const keys = keysOf(event);
    const command = map.get(keys);
    const target = event.target instanceof Element ? event.target : null;
    if (!command || command.native || usesKeys(target, keys)) return;
    if (command.enabled && !command.enabled()) return;
    event.preventDefault();
    void command.run();
  };
  addEventListener("keydown", press);
  return () => removeEventListener("keydown", press);
}
