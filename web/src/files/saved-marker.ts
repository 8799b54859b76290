/** Whether a document has changes that its file has not. */

import { useSyncExternalStore } from "react";
import type { Step } from "@/document/store";
import { type OpenDocument, useSession } from "@/editor/session";

/** The step that was the last one when the document was saved; undefined where none was. */
const savedStep = new WeakMap<OpenDocument["store"], Step | undefined>();

/** Tell whether there are changes that no file has. */
export function isUnsaved({ store, savedSteps }: OpenDocument): boolean {
  return store.done.length !== savedSteps;
}

/** Return whether there are unsaved changes; the component is drawn anew when that changes. */
export function useUnsaved({ store, savedSteps }: OpenDocument): boolean {
  return useSyncExternalStore(
    (changed) => store.watchHistory(changed),
    () => store.done.length !== savedSteps,
  );
}

/** Remember that a document is saved as it was when `length` steps were done. */
export function markSaved(id: string, length: number): void {
  const document = useSession.getState().documents.find((one) => one.id === id);
  if (!document) return;
  savedStep.set(document.store, document.store.done[length - 1]);
  useSession.getState().amend(id, { savedSteps: length });
}

/**
 * Keep `savedSteps` of a document right while it changes; returns the function that ends this. Its state when it
 * was saved is out of reach once a step below was replaced by another.
 */
export function watchMark(document: OpenDocument): () => void {
  const { id, store } = document;
  if (document.savedSteps > 0) savedStep.set(store, store.done[document.savedSteps - 1]);
  return store.watchHistory(() => {
    const now = useSession.getState().documents.find((one) => one.id === id);
    if (!now || now.savedSteps < 0 || isReachable(now)) return;
    useSession.getState().amend(id, { savedSteps: -1 });
  });
}

function isReachable({ store, savedSteps: length }: OpenDocument): boolean {
  const step = savedStep.get(store);
  const { done, undone } = store;
  if (length === 0) return true;
  if (done.length >= length) return done[length - 1] === step;
  return undone[undone.length - (length - done.length)] === step;
}
