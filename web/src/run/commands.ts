import type { Command } from "@/editor/command";
import { togglePanel } from "@/editor/panels-state";
import { useJobs } from "./jobs";
import { cancelEverything } from "./queue-actions";
import { interrupt } from "./run";
import { hasSelectedNode, runActive, runSelected } from "./ways-to-run";

const runs = (): boolean => useJobs.getState().running.length > 0;

/** What is done with runs. */
export const commands: readonly Command[] = [
  { id: "run.queue", group: "run", label: "run.run", keys: ["mod+enter"], run: () => runActive() },
  {
    id: "run.front",
    group: "run",
    label: "run.front",
    keys: ["mod+shift+enter"],
    run: () => runActive({ front: true }),
  },
  {
    id: "run.selected",
    group: "run",
    label: "run.selection",
    keys: ["alt+enter"],
    enabled: hasSelectedNode,
    run: runSelected,
  },
  {
    id: "run.interrupt",
    group: "run",
    label: "run.stop",
    keys: ["mod+alt+enter"],
    enabled: runs,
    run: interrupt,
  },
  {
    id: "run.cancelAll",
    group: "run",
    label: "run.cancelAll",
    enabled: () => runs() || useJobs.getState().waiting.length > 0,
    run: cancelEverything,
  },
  {
    id: "run.openQueue",
    group: "view",
    label: "run.openQueue",
    keys: ["q"],
    run: () => togglePanel("queue"),
  },
  {
    id: "run.openProblems",
    group: "view",
    label: "run.openProblems",
    keys: ["e"],
    run: () => togglePanel("problems"),
  },
  {
    id: "run.openGallery",
    group: "view",
    label: "run.openGallery",
    keys: ["g", "a"],
    run: () => togglePanel("gallery"),
  },
  {
    id: "run.openProfiler",
    group: "view",
    label: "run.openProfiler",
    keys: ["t"],
    run: () => togglePanel("profiler"),
  },
];
