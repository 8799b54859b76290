/** The app of a document, kept up to date while the workflow changes. */

import { useMemo, useSyncExternalStore } from "react";
import { useCatalogue } from "@/catalogue/state";
import type { DocumentStore } from "@/document/store";
import type { AppChoice } from "@/editor/app-choice";
import { type AppField, appFields, shownChoice } from "./app-fields";

/** Counts the changes of documents: records stay in one map that changes in place. */
const versions = new WeakMap<DocumentStore, number>();

function subscribe(store: DocumentStore, changed: () => void): () => void {
  return store.subscribe(() => {
    versions.set(store, (versions.get(store) ?? 0) + 1);
    changed();
  });
}

/** Return a number that is another one after each change of a document. */
export function useVersion(store: DocumentStore): number {
  return useSyncExternalStore(
    (changed) => subscribe(store, changed),
    () => versions.get(store) ?? 0,
  );
}

/** What an app shows, and its fields. */
export interface App {
  readonly choice: AppChoice;
  readonly fields: readonly AppField[];
}

/** Return the app of a document. */
export function useApp(store: DocumentStore): App {
  const catalogue = useCatalogue((state) => state.catalogue);
  const version = useVersion(store);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the records
  return useMemo(() => {
    const choice = shownChoice(store.records, catalogue);
    return { choice, fields: appFields(store.records, catalogue, choice) };
  }, [store, catalogue, version]);
}
