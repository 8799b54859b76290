/** Undo and redo, the clipboard, and what is done to the selection as a whole. */

import type { Command } from "@/editor/command";
import { activeDocument, shownScope } from "@/editor/session";
import { shownScene } from "./camera";
import { canCopy, copySelection, cutSelection, pasteCopied } from "./clipboard-keys";
import { duplicate, remove } from "./editing";
import { select, selected } from "./gestures/select-box";
import { stepBack, stepForward } from "./history-steps";

const store = () => activeDocument()?.store;
const isOpen = (): boolean => activeDocument() !== undefined;

function selectAll(): void {
  const document = activeDocument();
  if (!document) return;
  const { nodes, groups, reroutes } = document.store.sheet(shownScope(document));
  select([...nodes, ...groups, ...reroutes]);
}

/** Do something with what is selected on the sheet that is drawn. */
const withSelection = (act: typeof remove) => () => {
  const scene = shownScene();
  if (scene) act(scene, selected());
};

/** What changes the workflow and takes it back. */
export const commands: readonly Command[] = [
  {
    id: "edit.undo",
    group: "edit",
    label: "document.undo",
    keys: ["mod+z"],
    enabled: () => (store()?.done.length ?? 0) > 0,
    run: stepBack,
  },
  {
    id: "edit.redo",
    group: "edit",
    label: "document.redo",
    keys: ["mod+shift+z", "mod+y"],
    enabled: () => (store()?.undone.length ?? 0) > 0,
    run: stepForward,
  },
  {
    id: "edit.cut",
    group: "edit",
    label: "document.cut",
    keys: ["mod+x"],
    native: true,
    enabled: canCopy,
    run: cutSelection,
  },
  {
    id: "edit.copy",
    group: "edit",
    label: "document.copy",
    keys: ["mod+c"],
    native: true,
    enabled: canCopy,
    run: copySelection,
  },
  {
    id: "edit.paste",
    group: "edit",
    label: "document.paste",
    keys: ["mod+v"],
    native: true,
    enabled: isOpen,
    run: () => pasteCopied(false),
  },
  {
    id: "edit.paste-with-wires",
    group: "edit",
    label: "document.pasteWithWires",
    keys: ["mod+shift+v"],
    native: true,
    enabled: isOpen,
    run: () => pasteCopied(true),
  },
  {
    id: "edit.duplicate",
    group: "edit",
    label: "document.duplicate",
    keys: ["mod+d"],
    enabled: canCopy,
    run: withSelection(duplicate),
  },
  {
    id: "edit.delete",
    group: "edit",
    label: "document.delete",
    keys: ["delete", "backspace"],
    enabled: canCopy,
    run: withSelection(remove),
  },
  {
    id: "select.all",
    group: "select",
    label: "document.selectAll",
    keys: ["mod+a"],
    enabled: isOpen,
    run: selectAll,
  },
  {
    id: "select.none",
    group: "select",
    label: "document.selectNone",
    keys: ["mod+shift+a"],
    enabled: canCopy,
    run: () => select([]),
  },
];
