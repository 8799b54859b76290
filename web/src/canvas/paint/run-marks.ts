/** How nodes do in the run that goes on, for the painter. */

import type { RecordId } from "@/document/records";
import type { NodeRun } from "@/run/node-run";

/** What is drawn of a node's run while the node is not mounted. */
export interface RunMark {
  readonly state: "running" | "failed";
  /** How far it is, 0 to 1; undefined where that is not known. */
  readonly share?: number;
}

const marks = new Map<RecordId, RunMark>();
const listeners = new Set<() => void>();

/** Hear when marks change; returns the function that ends this. */
export function onRunMarks(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The marks of the sheet that is shown. */
export const runMarks = (): ReadonlyMap<RecordId, RunMark> => marks;

const tell = () => {
  for (const listener of [...listeners]) listener();
};

/** Forget all marks: another sheet is shown. */
export function clearRunMarks(): void {
  marks.clear();
  tell();
}

/** Take over how a node does. */
export function markRun(id: RecordId, run: NodeRun): void {
  const failed = run.problems.length > 0 || run.state === "failed";
  if (!failed && run.state !== "running") {
    if (marks.delete(id)) tell();
    return;
  }
  const { progress } = run;
  const share = progress && progress.max > 0 ? progress.value / progress.max : undefined;
  marks.set(id, { state: failed ? "failed" : "running", ...(share !== undefined && { share }) });
  tell();
}
