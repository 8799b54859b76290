/** Runs as part of the open documents: recorded while they last, found again after a reload. */

import { type OpenDocument, useSession } from "@/editor/session";
import { clientId } from "@/server/client-id";
import { onEvent } from "@/server/events";
import { catchUp, followJob } from "@/server/following";
import { useConnection } from "@/server/socket";
import { jobsOfDocument } from "./job-documents";
import { watchJobs } from "./jobs";
import { watchLiveJobs } from "./live-jobs";
import { watchProblems } from "./mended-problems";
import { forgetRuns } from "./node-run";
import { dropProblems } from "./problems-state";
import { recordRuns } from "./run-events";
import { tellFailures } from "./run-notices";

const restored = new Set<string>();
const watched = new Map<string, () => void>();
let started = false;

/** Begin to record runs of all documents that are open and will be; a second call does nothing. */
export function startRuns(): void {
  if (started) return;
  started = true;
  recordRuns();
  watchJobs();
  watchLiveJobs();
  tellFailures();
  for (const document of useSession.getState().documents) watch(document);
  onEvent("connected", () => restoreAll(useSession.getState().documents));
  useSession.subscribe(({ documents }, before) => {
    if (documents === before.documents) return;
    for (const document of documents) watch(document);
    for (const { id } of before.documents) if (!documents.some((one) => one.id === id)) forget(id);
    if (useConnection.getState().status === "open") restoreAll(documents);
  });
}

function watch(document: OpenDocument): void {
  if (!watched.has(document.id)) watched.set(document.id, watchProblems(document));
}

function forget(documentId: string): void {
  restored.delete(documentId);
  watched.get(documentId)?.();
  watched.delete(documentId);
  forgetRuns(documentId);
  dropProblems(documentId, () => true);
}

function restoreAll(documents: readonly OpenDocument[]): void {
  for (const { id } of documents) {
    if (restored.has(id)) continue;
    restored.add(id);
    void restore(id);
  }
}

/** Hear the last job of a document anew, and go on with those that are not over. */
async function restore(documentId: string): Promise<void> {
  const own = await clientId();
  const jobs = jobsOfDocument(documentId).slice(-MOST_OPEN);
  for (const { job, client } of jobs) followJob(job, client !== own);
  for (const { job } of jobs) await catchUp(job);
}

/** So many of the last jobs of a document are asked for: most of them are over, and each tells all at once. */
const MOST_OPEN = 4;
