/** The app of a document, kept up to date while the workflow changes. */

import { useMemo } from "react";
import { useCatalogue } from "@/catalogue/state";
import type { DocumentStore } from "@/document/store";
import type { AppChoice } from "@/editor/app-choice";
import { useVersion } from "@/editor/document-version";
import { type AppField, appFields, shownChoice } from "./app-fields";

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
