/** Runs the workflow of a document, and stops what runs. */

import { useCatalogue } from "@/catalogue/state";
import { WorkflowFormatError } from "@/document/read";
import { newUuid } from "@/document/uuid";
import { writeWorkflow } from "@/document/write";
import { openPanel } from "@/editor/panels-state";
import type { OpenDocument } from "@/editor/session";
import { useSession } from "@/editor/session";
import { setting } from "@/editor/settings";
import { Turns } from "@/editor/turns";
import { text } from "@/i18n/language";
import { fetchJson, ServerError } from "@/server/api";
import { clientId } from "@/server/client-id";
import { followJob, unfollowJob } from "@/server/following";
import { CANCELLED } from "@/server/sending";
import { toast } from "@/ui/toast";
import { turnControls } from "./control-values";
import { withChoices } from "./dynamic-prompts";
import { forgetJob, rememberJob, type SentJob } from "./job-documents";
import { refreshJobs, useJobs } from "./jobs";
import { setProblems } from "./problems-state";
import { problemsIn } from "./refusal";
import { previewedTargets } from "./run-to-here";
import { noteUsedValues } from "./used-values";

/** How a workflow is run; all of it once, behind what waits, if left out. */
export interface RunOptions {
  /** How many jobs; each has the seeds that come after those of the one before. */
  readonly count?: number;
  /** Paths of the nodes up to which it runs; all nodes that show or save something if left out. */
  readonly targets?: readonly string[];
  /** Run it before everything that waits. */
  readonly front?: boolean;
  /** Problems are shown where it is run from: no message leads to the editor's panels. */
  readonly quiet?: boolean;
}

/** A run that is asked for while another one is being sent has the seeds that come after those. */
const sends = new Turns();

/** Seconds to wait before a request that got no answer is sent again. */
const PAUSES = [0.5, 1.5, 3];

/**
 * Send the workflow of a document to the server. What is wrong with it is shown on its nodes and in the list of
 * problems; nothing is thrown.
 *
 * @returns Ids of the jobs that the server has taken.
 */
export function runWorkflow(document: OpenDocument, options: RunOptions = {}): Promise<readonly string[]> {
  return sends.take(document.id, () => sendAll(document, options));
}

async function sendAll(document: OpenDocument, options: RunOptions): Promise<readonly string[]> {
  const taken: string[] = [];
  for (let turn = 0; turn < (options.count ?? 1); turn++) {
    const before = setting("controlMode") === "before";
    if (before) turnControls(document.store);
    noteUsedValues(document.store);
    const id = await send(document, options);
    if (id === null) break;
    taken.push(id);
    if (!before) turnControls(document.store);
  }
  void refreshJobs();
  return taken;
}

async function send(document: OpenDocument, options: RunOptions): Promise<string | null> {
  const client = await clientId();
  const { store, id: documentId, title } = document;
  const records = withChoices(store.records, useCatalogue.getState().catalogue);
  const workflow = writeWorkflow(records);
  const wanted = options.targets && previewedTargets(records, options.targets);
  const job: SentJob = {
    job: newUuid(),
    documentId,
    client,
    ...(wanted && { shownAt: wanted.shownAt }),
    ...(options.quiet && { quiet: true }),
  };
  const method = setting("previewMethod");
  const request = {
    prompt: wanted?.workflow ?? workflow,
    client_id: client,
    prompt_id: job.job,
    ...(options.front && { front: true }),
    ...(wanted && { partial_execution_targets: wanted.targets }),
    extra_data: {
      workflow_title: title,
      ...(wanted && { extra_pnginfo: { workflow } }),
      ...(method !== "default" && { preview_method: method }),
    },
  };
  rememberJob(job);
  followJob(job.job);
  try {
    const answer = await withPatience(() => fetchJson<{ prompt_id: string }>("/prompt", { json: request }));
    const found = problemsIn(answer, store);
    setProblems(documentId, found);
    if (found.length > 0 && !options.quiet) tellProblems(document, "run.partlyRefused", found.length);
    return job.job;
  } catch (error) {
    forgetJob(job.job);
    unfollowJob(job.job);
    refuse(document, error, options.quiet);
    return null;
  }
}

/** A request that got no answer may have arrived: the server takes one with the same id for the same job. */
async function withPatience<T>(ask: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ServerError) || (error.status !== 0 && error.status < 502)) throw error;
      await new Promise((done) => setTimeout(done, pause * 1000));
    }
  }
  return ask();
}

function refuse(document: OpenDocument, error: unknown, quiet = false): void {
  if (!(error instanceof ServerError)) throw error;
  const found = error.status === 400 ? problemsIn(error.body, document.store) : [];
  setProblems(document.id, found);
  if (found.length > 0 && quiet) return;
  if (found.length > 0) tellProblems(document, "run.refusedWorkflow", found.length);
  else toast({ text: text("run.notSent"), detail: error.message, kind: "error", key: "run" });
}

function tellProblems(
  document: OpenDocument,
  key: "run.partlyRefused" | "run.refusedWorkflow",
  count: number,
): void {
  const show = () => {
    useSession.getState().activate(document.id);
    openPanel("problems");
  };
  toast({
    text: text(key, { count }),
    kind: key === "run.partlyRefused" ? "warning" : "error",
    action: { label: text("run.showProblems"), run: show },
    seconds: 12,
    key: "run",
  });
}

/** Stop what runs: the job that was sent from here, else whatever runs. */
export async function interrupt(): Promise<void> {
  const client = await clientId();
  const { running } = useJobs.getState();
  const own = running.filter((job) => job.client_id === client);
  await attempt(() =>
    own.length > 0
      ? fetchJson("/jobs/cancel", { json: { job_ids: own.map(({ id }) => id) } })
      : fetchJson("/interrupt", { json: {} }),
  );
}

/** Do something with the server; where it fails, say so. */
export async function attempt(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof ServerError) {
      if (error.kind !== CANCELLED)
        toast({ text: error.message, detail: error.details, kind: "error", key: "run" });
    } else if (error instanceof WorkflowFormatError)
      toast({ text: error.message, kind: "error", key: "run" });
    else throw error;
    return false;
  }
}
