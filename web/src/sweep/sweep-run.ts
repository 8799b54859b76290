/** Starts sweeps, cancels them, and brings back those of an earlier page. */

import { useCatalogue } from "@/catalogue/state";
import type { Records } from "@/document/diff";
import type { JsonObject } from "@/document/records";
import { newUuid } from "@/document/uuid";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import { watchLiveJobs } from "@/run/live-jobs";
import { fetchJson, ServerError } from "@/server/api";
import { clientId } from "@/server/client-id";
import { followJob, unfollowJob } from "@/server/following";
import { toast } from "@/ui/toast";
import { type ResolvedAxis, resolveAxis } from "./axis-values";
import { places, workflowOf } from "./cells";
import { type KeptAxis, keepSweep, keptSweep } from "./kept-sweeps";
import { amendCells, amendJob, freshCell, openCells, putSweep, type Sweep, sweepOf } from "./sweep-state";
import { lookUpOpenCells, watchSweeps } from "./sweep-watch";

/** Send a job for each cell; the document stays as it is. A sweep that is still open is cancelled first. */
export async function startSweep(document: OpenDocument, axes: readonly ResolvedAxis[]): Promise<void> {
  watch();
  await cancelSweep(document.id);
  const cells = places(axes).map((place) => freshCell(newUuid(), place, false));
  const sweep: Sweep = { axes, cells, best: new Set() };
  putSweep(document.id, sweep);
  keepSweep(document.id, sweep);
  const records = new Map(document.store.records);
  for (const { job, place } of cells) {
    if (sweepOf(document.id)?.axes !== axes) return;
    if (!isWaiting(document.id, job)) continue;
    const error = await send(job, document.title, workflowOf(records, axes, place));
    if (error) refuse(document.id, job, error);
    if (error?.status === 0) return;
  }
}

function watch(): void {
  watchSweeps();
  watchLiveJobs();
}

/** Send the job of a cell; returns why the server did not take it. */
async function send(job: string, title: string, workflow: JsonObject): Promise<ServerError | null> {
  const client = await clientId();
  const request = {
    prompt: workflow,
    prompt_id: job,
    client_id: client,
    extra_data: { workflow_title: text("sweep.title-of", { title }) },
  };
  followJob(job);
  try {
    await fetchJson("/prompt", { json: request });
    amendJob(job, () => ({ taken: true }));
    return null;
  } catch (error) {
    unfollowJob(job);
    if (error instanceof ServerError) return error;
    throw error;
  }
}

const isWaiting = (documentId: string, job: string): boolean =>
  sweepOf(documentId)?.cells.find((cell) => cell.job === job)?.state === "waiting";

/** A cell that the server refuses has failed; without a server the rest has too. */
function refuse(documentId: string, job: string, error: ServerError): void {
  const message = [error.message, error.details].filter(Boolean).join(": ");
  amendJob(job, () => ({ state: "failed", message }));
  if (error.status !== 0) return;
  toast({ text: error.message, kind: "error", key: "sweep" });
  amendCells(documentId, (cell) =>
    cell.state === "waiting" && !cell.taken ? { ...cell, state: "failed", message } : cell,
  );
}

/** Take away the cells that wait, and stop the one that runs. */
export async function cancelSweep(documentId: string): Promise<void> {
  const sweep = sweepOf(documentId);
  const jobs = sweep ? openCells(sweep).map(({ job }) => job) : [];
  if (jobs.length === 0) return;
  for (const job of jobs) amendJob(job, () => ({ state: "cancelled" }));
  try {
    await fetchJson("/jobs/cancel", { json: { job_ids: jobs } });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    toast({ text: error.message, kind: "error", key: "sweep" });
  }
}

/** Bring back the last sweep of a document, where an earlier page of this browser made one; jobs go on. */
export function restoreSweep({ id, store }: OpenDocument): void {
  const kept = sweepOf(id) ? undefined : keptSweep(id);
  if (!kept) return;
  watch();
  const axes = kept.axes.map((axis) => resolvedAgain(store.records, axis));
  const found = places(axes);
  const cells = kept.jobs.flatMap((job, at) => {
    const place = found[at];
    return place ? [freshCell(job, place, true)] : [];
  });
  putSweep(id, { axes, cells, best: new Set(kept.best) });
  void lookUpOpenCells(id);
}

/** The values are those of then, whatever the axis of the workflow says now. */
function resolvedAgain(records: Records, { path, widget, name, values }: KeptAxis): ResolvedAxis {
  const axis = { path, widget, mode: "list", text: "", choices: [] } as const;
  const now = resolveAxis(records, useCatalogue.getState().catalogue, axis);
  return { ...now, name, values, problem: null };
}
