/** The picture that any node of a document is making. */

import { useSyncExternalStore } from "react";
import { onNodeRun, runsOf } from "@/run/node-run";

function previewIn(documentId: string): string | null {
  for (const { preview } of runsOf(documentId).values()) if (preview !== null) return preview;
  return null;
}

/** Return the address of the newest picture of what is being made; null where there is none. */
export function useAnyPreview(documentId: string): string | null {
  return useSyncExternalStore(
    (changed) => onNodeRun((id) => id === documentId && changed()),
    () => previewIn(documentId),
  );
}
