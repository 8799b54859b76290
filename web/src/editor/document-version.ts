/** Draws components anew with every change of a document, for those that look at all of its records. */

import { useCallback, useSyncExternalStore } from "react";
import type { DocumentStore } from "@/document/store";

/** Return a number that is another one after each change of a document. */
export function useVersion(store: DocumentStore): number {
  const subscribe = useCallback((changed: () => void) => store.subscribe(changed), [store]);
  return useSyncExternalStore(subscribe, () => store.version);
}
