/** What becomes of the jobs of sweeps: heard from the server, and asked for where nothing was heard. */

import { isObject, type JsonObject } from "@/document/records";
import { useJobs } from "@/run/jobs";
import { outputItems } from "@/run/outputs";
import { fetchJson, ServerError } from "@/server/api";
import { onEvent } from "@/server/events";
import { catchUp, followJob, unfollowJob } from "@/server/following";
import { amendJob, type Cell, type CellState, isOpen, sweepOf, useSweeps } from "./sweep-state";

let watching = false;

/** Keep the cells of all sweeps up to date from now on; a second call does nothing. */
export function watchSweeps(): void {
  if (watching) return;
  watching = true;
  onEvent("execution_start", ({ prompt_id, timestamp }) =>
    amendJob(prompt_id, () => ({ state: "running", began: timestamp })),
  );
  onEvent("executed", ({ prompt_id, display_node, output }) => {
    if (output)
      amendJob(prompt_id, ({ shown }) => ({ shown: { ...shown, [display_node]: outputItems(output) } }));
  });
  onEvent("execution_success", ({ prompt_id, timestamp }) =>
    amendJob(prompt_id, ({ began }) => ({
      state: "done",
      seconds: began === null ? 0 : (timestamp - began) / 1000,
    })),
  );
  onEvent("execution_error", ({ prompt_id, exception_type, exception_message }) => {
    if (exception_type === "ExecutionBlocked") return;
    amendJob(prompt_id, () => ({ state: "failed", message: exception_message.trim() }));
  });
  onEvent("execution_interrupted", ({ prompt_id }) => amendJob(prompt_id, () => ({ state: "cancelled" })));
  useJobs.subscribe(({ loaded, running, waiting }) => {
    if (loaded) compare(running, waiting);
  });
}

type Listed = readonly { readonly id: string }[];

/** Jobs that left the queue without a word, as those do that another tab or another person takes away. */
function compare(running: Listed, waiting: Listed): void {
  const runs = new Set(running.map(({ id }) => id));
  const waits = new Set(waiting.map(({ id }) => id));
  const cells = [...useSweeps.getState().sweeps.values()].flatMap((sweep) => sweep.cells);
  for (const { job, state } of cells.filter((cell) => cell.taken && isOpen(cell))) {
    if (!runs.has(job) && !waits.has(job)) void lookUp(job);
    else if (runs.has(job) && state === "waiting") amendJob(job, () => ({ state: "running" }));
  }
}

/** How many jobs are asked for at a time. */
const AT_ONCE = 6;

/** Ask the server what has become of every cell of a sweep that is not over. */
export async function lookUpOpenCells(documentId: string): Promise<void> {
  const jobs = (sweepOf(documentId)?.cells ?? []).filter(isOpen).map(({ job }) => job);
  const next = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await lookUp(job);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

/** A job as the server shows it alone; times are in milliseconds since 1970. */
interface WholeJob {
  readonly status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
  readonly execution_start_time?: number;
  readonly execution_end_time?: number;
  readonly execution_error?: { readonly exception_message: string };
  readonly outputs?: JsonObject;
}

const STATES: Readonly<Record<WholeJob["status"], CellState>> = {
  pending: "waiting",
  in_progress: "running",
  completed: "done",
  failed: "failed",
  cancelled: "cancelled",
};

/** Jobs that are being asked for, and whether once more when the answer is there. */
const asked = new Map<string, boolean>();

/** Ask what has become of a job; while the server does not answer the cell stays as it is. */
async function lookUp(id: string): Promise<void> {
  if (asked.has(id)) {
    // The answer under way may be older than what just happened.
    asked.set(id, true);
    return;
  }
  asked.set(id, false);
  try {
    await takeIn(id);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    if (error.status === 404) amendJob(id, () => ({ state: "gone" }));
  } finally {
    const again = asked.get(id);
    asked.delete(id);
    if (again) await lookUp(id);
  }
}

async function takeIn(id: string): Promise<void> {
  const job = await fetchJson<WholeJob>(`/jobs/${encodeURIComponent(id)}`);
  amendJob(id, ({ shown }) => told(job, shown));
  if (STATES[job.status] !== "waiting" && STATES[job.status] !== "running") return unfollowJob(id);
  followJob(id);
  // What it has shown so far is in its messages.
  if (job.status === "in_progress") await catchUp(id);
}

function told(job: WholeJob, before: Cell["shown"]): Partial<Cell> {
  const { execution_start_time: start, execution_end_time: end, execution_error: error } = job;
  const shown = Object.entries(job.outputs ?? {}).flatMap(([node, output]) =>
    isObject(output) ? [[node, outputItems(output)] as const] : [],
  );
  return {
    state: STATES[job.status],
    shown: { ...before, ...Object.fromEntries(shown) },
    message: error?.exception_message.trim() ?? "",
    began: start ?? null,
    seconds: start !== undefined && end !== undefined ? (end - start) / 1000 : null,
  };
}
