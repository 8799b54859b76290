import { openNodeSearch } from "@/canvas/node-search";
import { useCatalogue } from "@/catalogue/state";
import { themeOf } from "@/editor/appearance";
import type { Command } from "@/editor/command";
import { loadCatalogue } from "@/editor/load-catalogue";
import { showOverlay } from "@/editor/overlays";
import { activeDocument, useSession } from "@/editor/session";
import { changeSetting, setting } from "@/editor/settings";
import { text } from "@/i18n/language";
import { toast } from "@/ui/toast";

/** Show the open workflow that is `step` places further on, round and round. */
function goTo(step: 1 | -1): void {
  const { documents, activeId, activate } = useSession.getState();
  const place = documents.findIndex((one) => one.id === activeId);
  const next = documents.at((place + step) % documents.length);
  if (next) activate(next.id);
}

/** Ask the server again which nodes and files there are. */
async function refresh(): Promise<void> {
  await loadCatalogue();
  const { error } = useCatalogue.getState();
  if (error === null) toast({ text: text("shell.refreshed"), kind: "success", key: "refresh" });
  else toast({ text: text("shell.notRefreshed"), detail: error, kind: "error", key: "refresh" });
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
  { id: "view.refresh", group: "view", label: "shell.refresh", keys: ["r"], run: refresh },
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
  {
    id: "help.keys",
    group: "help",
    label: "shell.help",
    keys: ["?", "mod+shift+k"],
    run: () => showOverlay("help"),
  },
  {
    id: "help.settings",
    group: "help",
    label: "shell.settings",
    keys: ["mod+,"],
    run: () => showOverlay("settings"),
  },
];
