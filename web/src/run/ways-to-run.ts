/** The ways to run the workflow that is shown: at once, in front of others, up to what is selected. */

import { ArrowUpToLine, CircleX, ListVideo, MousePointerClick } from "lucide-react";
import type { RecordId } from "@/document/records";
import { pathOf } from "@/editor/node-path";
import { openPanel } from "@/editor/panels-state";
import { activeDocument, type OpenDocument } from "@/editor/session";
import { changeSetting, setting } from "@/editor/settings";
import { text } from "@/i18n/language";
import type { MenuEntry } from "@/ui/menu";
import { useJobs } from "./jobs";
import { cancelEverything } from "./queue-actions";
import { type RunOptions, runWorkflow } from "./run";

/** Run the workflow that is shown as often as the button says. */
export async function runActive(options: RunOptions = {}): Promise<void> {
  const document = activeDocument();
  if (document) await runWorkflow(document, { count: setting("batchCount"), ...options });
}

/** Run the workflow that is shown up to the nodes that are selected. */
export async function runSelected(): Promise<void> {
  const document = activeDocument();
  const targets = document ? selectedPaths(document) : [];
  if (targets.length > 0) await runActive({ targets });
}

/** Whether a node is selected. */
export function hasSelectedNode(): boolean {
  const document = activeDocument();
  return document !== undefined && selectedPaths(document).length > 0;
}

function selectedPaths(document: OpenDocument): readonly string[] {
  return [...document.selection].flatMap((id: RecordId) => {
    const record = document.store.get(id);
    return record?.kind === "node" ? [pathOf(document, record.scope, record.raw.id)] : [];
  });
}

/** Return the entries of the menu beside the run button; `withCount` for phones, where it has how often too. */
export function runEntries(withCount: boolean): readonly MenuEntry[] {
  const { running, waiting } = useJobs.getState();
  const counts: MenuEntry[] = withCount
    ? [{ heading: text("run.count") }, ...[1, 2, 4, 8].map(countEntry), "separator"]
    : [];
  return [
    ...counts,
    {
      label: text("run.front"),
      icon: ArrowUpToLine,
      keys: "mod+shift+enter",
      onSelect: () => void runActive({ front: true }),
    },
    {
      label: text("run.selection"),
      icon: MousePointerClick,
      disabled: !hasSelectedNode(),
      onSelect: () => void runSelected(),
    },
    "separator",
    { label: text("run.openQueue"), icon: ListVideo, keys: "q", onSelect: () => openPanel("queue") },
    {
      label: text("run.cancelAll"),
      icon: CircleX,
      danger: true,
      disabled: running.length + waiting.length === 0,
      onSelect: () => void cancelEverything(),
    },
  ];
}

function countEntry(count: number): MenuEntry {
  return {
    label: `× ${count}`,
    checked: setting("batchCount") === count,
    onSelect: () => changeSetting("batchCount", count),
  };
}
