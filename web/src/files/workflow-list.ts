/** The user's workflows on the server as the panel lists them: loaded when wanted, anew after each change. */

import { create } from "zustand";
import { reasonOf } from "./report";
import { type FileEntry, listDeleted, listWorkflows, type Version } from "./user-workflows";

interface WorkflowList {
  /** Null until they are loaded. */
  readonly files: readonly FileEntry[] | null;
  /** Workflows that were deleted, each with what it held last. */
  readonly deleted: readonly (Version & { readonly of: string })[];
  /** Why they could not be loaded. */
  readonly error: string | null;
}

/** The saved workflows as the server listed them last; `files` is null before the first time. */
export const useWorkflowList = create<WorkflowList>(() => ({ files: null, deleted: [], error: null }));

/** Counts what is asked: an answer that comes after a later question says how it was before. */
let turn = 0;

/** Ask the server for its workflows, also the deleted ones; where it fails, `error` says why and the old list stays. */
export async function loadWorkflowList(): Promise<void> {
  turn += 1;
  const own = turn;
  try {
    const files = await listWorkflows();
    const deleted = await listDeleted(new Set(files.map(({ path }) => path)));
    if (own === turn) useWorkflowList.setState({ files, deleted, error: null });
  } catch (error) {
    if (own === turn) useWorkflowList.setState({ error: reasonOf(error) });
  }
}

/** Hear that files were saved, moved or deleted: the list is loaded anew where it is in use. */
export function filesChanged(): void {
  if (useWorkflowList.getState().files !== null) void loadWorkflowList();
}
