/** Runs of an app: begun, followed to their end, stopped, and found again after the page was closed. */

import { isObject, type Json, type JsonObject } from "@/document/records";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import { rememberJob } from "@/run/job-documents";
import { type Job, useJobs } from "@/run/jobs";
import { nodeRun } from "@/run/node-run";
import { type OutputItem, outputItems } from "@/run/outputs";
import { cancelJobs } from "@/run/queue-actions";
import { runWorkflow } from "@/run/run";
import { fetchJson, ServerError } from "@/server/api";
import { clientId } from "@/server/client-id";
import { onEvent } from "@/server/events";
import { catchUp, followJob } from "@/server/following";
import { keepRuns, keptRuns } from "./kept-runs";
import { amendRunsOf, appRuns, noteEnd, noteMade, useAppRuns } from "./runs-state";
import type { Values } from "./shared-values";

/** Run the workflow with the values that it has. */
export async function runApp(document: OpenDocument, values: Values): Promise<void> {
  amendRunsOf(document.id, () => ({ failure: null }));
  const jobs = await runWorkflow(document, { quiet: true });
  amendRunsOf(document.id, ({ open }) => ({ open: [...open, ...jobs.map((job) => ({ job, values }))] }));
  for (const job of jobs) early.get(job)?.();
  early.clear();
}

/** Stop what the app runs and take away what it has waiting; what others run goes on. */
export async function stopApp(document: OpenDocument): Promise<void> {
  const ids = appRuns(document.id).open.map(({ job }) => job);
  for (const job of ids) stopped.add(job);
  await cancelJobs(ids);
}

/** Runs that the user stopped: that they are gone needs no words. */
const stopped = new Set<string>();

/** Forget the results of the app; files on the server stay. */
export function forgetMade(document: OpenDocument): void {
  amendRunsOf(document.id, () => ({ made: [], failure: null }));
}

/** What to do about jobs that were over before it was known that they are this app's. */
const early = new Map<string, () => void>();

const sentOf = (documentId: string, job: string) => appRuns(documentId).open.find((one) => one.job === job);

type Outputs = () => readonly string[];

/**
 * Take in how the runs of a document go; returns the function that ends this.
 *
 * @param outputs Paths of the nodes that are shown.
 * @param app Name of the app, under which its runs are kept in the browser; null keeps none.
 */
export function followApp(document: OpenDocument, outputs: Outputs, app: string | null): () => void {
  const { id } = document;
  const shown = new Map<string, Map<string, readonly OutputItem[]>>();
  const finish = (job: string) => {
    const sent = sentOf(id, job);
    if (!sent) return;
    const items = outputs().flatMap((path) => shown.get(job)?.get(path) ?? nodeRun(id, path).outputs);
    shown.delete(job);
    noteMade(id, { ...sent, items });
  };
  const whenKnown = (job: string, act: () => void) => {
    if (sentOf(id, job)) act();
    else early.set(job, act);
  };
  const ends = [
    onEvent("executed", ({ prompt_id, display_node, output }) => {
      if (!output) return;
      const items = shown.get(prompt_id) ?? new Map();
      shown.set(prompt_id, items.set(display_node, outputItems(output)));
    }),
    onEvent("execution_success", ({ prompt_id }) => whenKnown(prompt_id, () => finish(prompt_id))),
    onEvent("execution_error", ({ prompt_id, exception_type, exception_message: why }) => {
      if (exception_type !== "ExecutionBlocked") {
        whenKnown(prompt_id, () => noteEnd(id, prompt_id, why.trim()));
      }
    }),
    onEvent("execution_interrupted", ({ prompt_id }) =>
      whenKnown(prompt_id, () => noteEnd(id, prompt_id, null)),
    ),
    useJobs.subscribe(({ running, waiting, loaded }, before) => {
      if (!loaded || (running === before.running && waiting === before.waiting)) return;
      const live = new Set([...running, ...waiting].map((job) => job.id));
      for (const { job } of appRuns(id).open) if (!live.has(job)) void settle(document, job, outputs);
    }),
    ...(app === null ? [] : [keepAsTheyCome(document, app, outputs)]),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Take up the runs that were kept, and keep them from now on; returns the function that ends this. */
function keepAsTheyCome(document: OpenDocument, app: string, outputs: Outputs): () => void {
  const { id } = document;
  if (!useAppRuns.getState().runs.has(id)) {
    const kept = keptRuns(app);
    amendRunsOf(id, () => kept);
    for (const { job } of kept.open) void findAgain(document, job, outputs);
  }
  return useAppRuns.subscribe(({ runs }, before) => {
    if (runs.get(id) !== before.runs.get(id)) keepRuns(app, appRuns(id));
  });
}

/** Hear of a run that was sent before the page was loaded: what it has told so far, and what comes. */
async function findAgain(document: OpenDocument, job: string, outputs: Outputs): Promise<void> {
  rememberJob({ job, documentId: document.id, client: await clientId(), quiet: true });
  followJob(job, true);
  await catchUp(job);
  await settle(document, job, outputs);
}

interface WholeJob {
  readonly status: Job["status"];
  readonly outputs?: JsonObject;
  readonly execution_error?: { readonly exception_message: string };
}

/** Ask the server what became of a run that is not told of: it may be over, or somebody took it away. */
async function settle(document: OpenDocument, job: string, outputs: Outputs): Promise<void> {
  try {
    const whole = await fetchJson<WholeJob>(`/jobs/${encodeURIComponent(job)}`);
    const sent = sentOf(document.id, job);
    if (!sent || whole.status === "pending" || whole.status === "in_progress") return;
    if (whole.status === "completed") {
      const items = outputs().flatMap((path) => itemsOf(whole.outputs?.[path]));
      noteMade(document.id, { ...sent, items });
    } else noteEnd(document.id, job, whole.execution_error?.exception_message.trim() ?? null);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    // A server that is away is asked again when it is back.
    if (error.status !== 404 || !sentOf(document.id, job)) return;
    noteEnd(document.id, job, stopped.has(job) ? null : text("app.taken-away"));
  }
}

const itemsOf = (output: Json | undefined): readonly OutputItem[] =>
  isObject(output) ? outputItems(output) : [];
