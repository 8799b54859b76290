/** What was wrong with each document at the last try to run it. */

import { create } from "zustand";
import { useSession } from "@/editor/session";
import { amendRun, amendRuns, nodeRun } from "./node-run";
import type { NodeProblem } from "./problems";

/** A problem before anybody has looked for what mends it. */
export type FoundProblem = Omit<NodeProblem, "fixes" | "id">;

interface Problems {
  readonly byDocument: ReadonlyMap<string, readonly NodeProblem[]>;
}

const NONE: readonly NodeProblem[] = [];
/** What is wrong with open documents, by their ids. */
const useProblems = create<Problems>(() => ({ byDocument: new Map() }));

let last = 0;

/** Return what is wrong with a document. */
export function problemsOf(documentId: string): readonly NodeProblem[] {
  return useProblems.getState().byDocument.get(documentId) ?? NONE;
}

/** Return what is wrong with a document; the component is drawn anew when that changes. */
export function useProblemsOf(documentId: string | undefined): readonly NodeProblem[] {
  return useProblems(({ byDocument }) => byDocument.get(documentId ?? "") ?? NONE);
}

/** Say what is wrong with a document, instead of what was; what mends it is found a moment later. */
export function setProblems(documentId: string, found: readonly FoundProblem[]): void {
  show(documentId, found.map(withId));
  if (found.length > 0) void findFixes(documentId);
}

/** Add to what is wrong with a document. */
export function addProblem(documentId: string, found: FoundProblem): void {
  show(documentId, [...problemsOf(documentId), withId(found)]);
  void findFixes(documentId);
}

/** Take away problems that are mended, or that belong to an earlier run. */
export function dropProblems(documentId: string, gone: (problem: NodeProblem) => boolean): void {
  const before = problemsOf(documentId);
  const left = before.filter((problem) => !gone(problem));
  if (left.length < before.length) show(documentId, left);
}

function withId(found: FoundProblem): NodeProblem {
  last += 1;
  return { ...found, id: String(last), fixes: [] };
}

/** What mends problems is loaded when there are some for the first time. */
async function findFixes(documentId: string): Promise<void> {
  const { fixesFor } = await import("./fixes/all");
  const document = useSession.getState().documents.find((one) => one.id === documentId);
  if (!document) return;
  show(
    documentId,
    problemsOf(documentId).map((problem) => ({ ...problem, fixes: fixesFor(document, problem) })),
  );
}

function show(documentId: string, problems: readonly NodeProblem[]): void {
  useProblems.setState(({ byDocument }) => ({ byDocument: new Map(byDocument).set(documentId, problems) }));
  const byPath = new Map<string, NodeProblem[]>();
  for (const problem of problems) {
    if (problem.path !== "") byPath.set(problem.path, [...(byPath.get(problem.path) ?? []), problem]);
  }
  amendRuns(documentId, (run) => (run.problems.length > 0 ? { problems: [] } : null));
  for (const [path, those] of byPath) {
    const failed = those.some(({ atRunTime }) => atRunTime) || nodeRun(documentId, path).state === "failed";
    amendRun(documentId, path, { problems: those, ...(failed && { state: "failed" }) });
  }
}
