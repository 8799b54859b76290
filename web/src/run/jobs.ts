/** The jobs of the server: what runs, what waits, what is over. */

import { create } from "zustand";
import type { JsonObject } from "@/document/records";
import { fetchJson, ServerError } from "@/server/api";
import { onEvent } from "@/server/events";

/** A job; times are in milliseconds since 1970. */
export interface Job {
  readonly id: string;
  readonly status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
  /** What the workflow was called. */
  readonly title?: string;
  /** The tab or program that sent it. */
  readonly client_id?: string;
  readonly workflow_id?: string;
  /** How many jobs run before it, while it waits. */
  readonly place?: number;
  readonly create_time: number;
  readonly execution_start_time?: number;
  readonly execution_end_time?: number;
  readonly execution_error?: { readonly exception_message: string; readonly node_type: string };
  /** From 0 to 100, while it runs. */
  readonly percent?: number;
  readonly seconds_left?: number;
  readonly outputs_count?: number;
  readonly preview_output?: JsonObject;
}

interface Jobs {
  readonly running: readonly Job[];
  /** In the order in which they will run. */
  readonly waiting: readonly Job[];
  /** The newest first. */
  readonly over: readonly Job[];
  /** How many are over in all. */
  readonly overCount: number;
  /** Nothing is begun until the queue is let go on. */
  readonly paused: boolean;
  readonly loaded: boolean;
  /** Why the last refresh failed; null where it did not. */
  readonly error: string | null;
}

/** The server's queue and its newest jobs that are over, as far as they were told. */
export const useJobs = create<Jobs>(() => ({
  running: [],
  waiting: [],
  over: [],
  overCount: 0,
  paused: false,
  loaded: false,
  error: null,
}));

interface Page {
  readonly jobs: readonly Job[];
  readonly pagination: { readonly total: number };
  readonly paused?: boolean;
}

const SHOWN = 50;
/** Milliseconds in which changes are taken together. */
const SOON = 150;

let listening = false;
let planned = false;
let shown = SHOWN;
let turn = 0;
let told = 0;

/** Keep the jobs up to date from now on; a second call does nothing. */
export function watchJobs(): void {
  if (listening) return;
  listening = true;
  onEvent("status", soon);
  onEvent("connected", soon);
  onEvent("job_progress", ({ prompt_id, percent, seconds_left }) => {
    useJobs.setState(({ running }) => ({
      running: running.map((job) =>
        job.id === prompt_id ? { ...job, percent, ...(seconds_left !== undefined && { seconds_left }) } : job,
      ),
    }));
  });
}

function soon(): void {
  if (planned) return;
  planned = true;
  // A long queue is asked for less often: most of it stays as it is.
  const pause = useJobs.getState().waiting.length > 100 ? SOON * 8 : SOON;
  setTimeout(() => {
    planned = false;
    void refreshJobs();
  }, pause);
}

/** Ask the server for its jobs now. */
export async function refreshJobs(): Promise<void> {
  turn += 1;
  const own = turn;
  try {
    const [live, over] = await Promise.all([
      fetchJson<Page>("/jobs?status=pending,in_progress&sort_order=asc"),
      fetchJson<Page>(`/jobs?status=completed,failed,cancelled&limit=${shown}`),
    ]);
    // A later question may have been answered sooner.
    if (own < told) return;
    told = own;
    useJobs.setState({
      running: live.jobs.filter(({ status }) => status === "in_progress"),
      waiting: live.jobs
        .filter(({ status }) => status === "pending")
        .sort((one, other) => (one.place ?? 0) - (other.place ?? 0)),
      over: over.jobs,
      overCount: over.pagination.total,
      paused: live.paused ?? false,
      loaded: true,
      error: null,
    });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    if (own > told) useJobs.setState({ error: error.message });
  }
}

/** Show more of the jobs that are over. */
export async function showMoreJobs(): Promise<void> {
  shown += SHOWN;
  await refreshJobs();
}
