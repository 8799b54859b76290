/** What two people, or two tabs, changed at the same time, until the user has seen it. */

import { create } from "zustand";
import type { Records } from "@/document/diff";
import type { RecordId } from "@/document/records";

/** Records of a document that its file has otherwise. */
export interface Conflict {
  readonly documentId: string;
  /** ETag of the file's state, which is kept as a version. */
  readonly tag: string;
  readonly ids: readonly RecordId[];
  /** What the file holds. */
  readonly theirs: Records;
}

/** The conflict that is shown; null while none is. */
export const useConflicts = create<{ readonly shown: Conflict | null }>(() => ({ shown: null }));

/** Show what was changed on both sides. */
export function showConflicts(conflict: Conflict): void {
  useConflicts.setState({ shown: conflict });
}

/** The user has seen it. */
export function hideConflicts(): void {
  useConflicts.setState({ shown: null });
}
