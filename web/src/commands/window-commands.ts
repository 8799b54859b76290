import { openNodeSearch } from "@/canvas/node-search";
import { themeOf } from "@/editor/appearance";
import type { Command } from "@/editor/command";
import { showOverlay } from "@/editor/overlays";
import { activeDocument, useSession } from "@/editor/session";
import { changeSetting, setting } from "@/editor/settings";

/** Show the open workflow that is `step` places further on, round and round. */
function goTo(step: 1 | -1): void {
  const { documents, activeId, activate } = useSession.getState();
  const place = documents.findIndex((one) => one.id === activeId);
  const next = documents.at((place + step) % documents.length);
  if (next) activate(next.id);
}

const several = (): boolean => useSession.getState().documents.length > 1;

/** What is done with the window itself: its workflows, its looks, what is laid over it. */
export const commands: readonly Command[] = [
  {
    id: "node.add",
    group: "node",
    label: "shell.add-node",
    keys: ["n", "shift+a"],
    enabled: () => activeDocument() !== undefined,
    run: () => openNodeSearch(),
  },
  {
    id: "view.next-workflow",
    group: "view",
    label: "shell.next-workflow",
    keys: ["alt+pagedown"],
    enabled: several,
    run: () => goTo(1),
  },
  {
    id: "view.previous-workflow",
    group: "view",
    label: "shell.previous-workflow",
    keys: ["alt+pageup"],
    enabled: several,
    run: () => goTo(-1),
  },
  {
    id: "view.theme",
    group: "view",
    label: "shell.switch-theme",
    run: () => changeSetting("theme", themeOf(setting("theme")) === "dark" ? "light" : "dark"),
  },
  {
    id: "help.palette",
    group: "help",
    label: "shell.palette",
    keys: ["mod+k", "f1", "mod+shift+p"],
    run: () => showOverlay("palette"),
  },
  { id: "help.keys", group: "help", label: "shell.help", keys: ["?"], run: () => showOverlay("help") },
  {
    id: "help.settings",
    group: "help",
    label: "shell.settings",
    keys: ["mod+,"],
    run: () => showOverlay("settings"),
  },
];
