/** Undo and redo of the workflow that is shown, where the user sees what they do. */

import type { Diff } from "@/document/diff";
import type { RecordId } from "@/document/records";
import type { Step } from "@/document/store";
import { activeDocument, shownScope } from "@/editor/session";
import { type TextKey, text } from "@/i18n/language";
import { announce } from "@/ui/announce";
import { centreOn } from "./camera";

/** Take back the last step of the workflow that is shown. */
export function stepBack(): void {
  const step = activeDocument()?.store.undo();
  if (step) tellOf(step, "document.undone");
}

/** Do the step again that was taken back last. */
export function stepForward(): void {
  const step = activeDocument()?.store.redo();
  if (step) tellOf(step, "document.redone");
}

function tellOf(step: Step, how: TextKey): void {
  announce(text(how, { what: text(step.label as TextKey) }));
  const elsewhere = placeElsewhere(step.diff);
  if (elsewhere) centreOn(elsewhere);
}

/** Something that changed, where nothing of the sheet that is shown did. */
function placeElsewhere(diff: Diff): RecordId | undefined {
  const document = activeDocument();
  if (!document) return undefined;
  const shown = shownScope(document);
  const changed = [...diff.keys()]
    .map((id) => document.store.get(id))
    .filter((record) => record !== undefined);
  if (changed.length === 0 || changed.some(({ scope }) => scope === shown)) return undefined;
  const node = changed.find(({ kind }) => kind === "node");
  return node?.kind === "node" ? `node:${node.scope}:${node.raw.id}` : undefined;
}
