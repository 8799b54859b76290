/** Runs as part of the open documents: recorded while they last, found again after a reload. */

import { type OpenDocument, useSession } from "@/editor/session";
import { clientId } from "@/server/client-id";
import { onEvent } from "@/server/events";
import { catchUp, followJob, unfollowJob } from "@/server/following";
import { useConnection } from "@/server/socket";
import { isOfThisPage, jobsOfDocument, type SentJob } from "./job-documents";
import { refreshJobs, useJobs, watchJobs } from "./jobs";
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

/** Hear the last job of a document that is over anew, and go on with those that are not. */
async function restore(documentId: string): Promise<void> {
  const own = await clientId();
  await refreshJobs();
  const { running, waiting } = useJobs.getState();
  const open = new Set([...running, ...waiting].map(({ id }) => id));
  // What was sent from this page is followed already, and may be on its way.
  const sent = jobsOfDocument(documentId).filter(({ job }) => !isOfThisPage(job));
  await hearLast(sent.filter(({ job }) => !open.has(job)));
  const left = sent.filter(({ job }) => open.has(job));
  for (const { job, client } of left) followJob(job, client !== own);
  const foreign = left.filter(({ client }) => client !== own).slice(0, MOST_STREAMS);
  const begun = new Set(running.map(({ id }) => id));
  // What waits has told nothing yet; jobs of another tab are heard only by asking.
  for (const one of left) if (begun.has(one.job) || foreign.includes(one)) await catchUp(one.job);
}

/** Hear anew what the newest of some jobs told; those that are forgotten or were cancelled gave no results. */
async function hearLast(jobs: readonly SentJob[]): Promise<void> {
  for (const { job } of jobs.slice(-MOST_TRIES).reverse()) {
    followJob(job);
    const heard = await catchUp(job);
    unfollowJob(job);
    if (heard && heard.status !== "cancelled") return;
  }
}

/** So many jobs that may be forgotten are asked for. */
const MOST_TRIES = 4;
/** Browsers hold few connections to a server: the jobs of another tab that are listened to at a time. */
const MOST_STREAMS = 3;
