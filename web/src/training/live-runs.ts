/** Nodes that train right now, as the server tells of them. */

import { create } from "zustand";
import { isObject, type Json, type JsonObject } from "@/document/records";
import { fetchJson } from "@/server/api";
import { type Events, onEvent } from "@/server/events";
import { useConnection } from "@/server/socket";
import type { TrainingAction } from "./runs";

/** How far a training is; `interrupted`: its job ended before it did. */
export type TrainingState = "training" | "paused" | "stopped" | "finished" | "interrupted";

/** A node of a job that trains, or has trained since this page was opened. */
export interface LiveRun {
  readonly job: string;
  readonly node: string;
  /** Name of the run. */
  readonly run: string;
  readonly state: TrainingState;
  readonly step: number;
  readonly total: number;
  readonly loss: number;
  readonly rate: number;
  readonly secondsPerStep: number;
  readonly samplesPerSecond: number;
  /** The last step after which weights were written because the user asked for it; 0 for none. */
  readonly saved: number;
  /** What the node can be asked for now. */
  readonly actions: ReadonlySet<string>;
  /** What the user asked for and the node has not obeyed yet. */
  readonly asked: TrainingAction | null;
}

interface LiveRuns {
  /** The newest one first. */
  readonly runs: readonly LiveRun[];
}

/** Nodes that train, or have trained since this page was opened, newest first. */
export const useLiveRuns = create<LiveRuns>(() => ({ runs: [] }));

type Report = Pick<Events["report"], "prompt_id" | "node" | "kind" | "data">;

const number = (value: Json | undefined, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;

const NONE: ReadonlySet<string> = new Set();
const STATES: ReadonlySet<unknown> = new Set(["training", "paused", "stopped", "finished"]);

/** What nodes offer before they have told of which run they are; by job and node. */
type Offers = Map<string, ReadonlySet<string>>;

/** Return the runs after a report of a node. */
export function afterReport(runs: readonly LiveRun[], report: Report, offers: Offers): readonly LiveRun[] {
  const { prompt_id: job, node, kind, data } = report;
  const before = runs.find((one) => one.job === job && one.node === node);
  if (kind === "controls") {
    const actions = new Set(listOf(data.actions));
    offers.set(`${job} ${node}`, actions);
    return before
      ? replaced(runs, { ...before, actions, asked: actions.size > 0 ? before.asked : null })
      : runs;
  }
  if (kind !== "training" || typeof data.run !== "string") return runs;
  const actions = offers.get(`${job} ${node}`) ?? NONE;
  return replaced(runs, afterTraining(before, { job, node, actions }, data.run, data));
}

function afterTraining(
  before: LiveRun | undefined,
  of: Pick<LiveRun, "job" | "node" | "actions">,
  run: string,
  data: JsonObject,
): LiveRun {
  const state = STATES.has(data.state) ? (data.state as TrainingState) : "training";
  const saved = number(data.saved, before?.saved ?? 0);
  return {
    ...of,
    run,
    state,
    saved,
    step: number(data.step, before?.step ?? 0),
    total: number(data.total, before?.total ?? 0),
    loss: number(data.loss, before?.loss ?? 0),
    rate: number(data.learning_rate, before?.rate ?? 0),
    secondsPerStep: number(data.seconds_per_step, before?.secondsPerStep ?? 0),
    samplesPerSecond: number(data.samples_per_second, before?.samplesPerSecond ?? 0),
    asked: before && !obeyed(before, state, saved) ? before.asked : null,
  };
}

/** Whether a node has done what it was asked for, to judge by what it tells now. */
function obeyed(before: LiveRun, state: TrainingState, saved: number): boolean {
  if (before.asked === "pause") return state !== "training";
  if (before.asked === "resume") return state !== "paused";
  if (before.asked === "save") return saved !== before.saved;
  return before.asked === "sample" || state === "stopped" || state === "finished";
}

/** Return the runs after the end of a job: what still trained there was interrupted. */
export function afterJob(runs: readonly LiveRun[], job: string): readonly LiveRun[] {
  const open = (one: LiveRun) => one.job === job && (one.state === "training" || one.state === "paused");
  if (!runs.some(open)) return runs;
  return runs.map((one) => (open(one) ? { ...one, state: "interrupted", actions: NONE, asked: null } : one));
}

function replaced(runs: readonly LiveRun[], run: LiveRun): readonly LiveRun[] {
  const others = runs.filter((one) => one.job !== run.job || one.node !== run.node);
  return [run, ...others];
}

const listOf = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

/** Note that a node was asked for something. */
export function noteAsked(run: LiveRun, asked: TrainingAction | null): void {
  useLiveRuns.setState(({ runs }) => ({
    runs: runs.map((one) => (one.job === run.job && one.node === run.node ? { ...one, asked } : one)),
  }));
}

const offers: Offers = new Map();
let watching = false;

/** Hear of training from now on, and of what trains already; a second call does nothing. */
export function watchTraining(): void {
  if (watching) return;
  watching = true;
  const take = (report: Report) =>
    useLiveRuns.setState(({ runs }) => ({ runs: afterReport(runs, report, offers) }));
  const end = ({ prompt_id }: { readonly prompt_id: string }) =>
    useLiveRuns.setState(({ runs }) => ({ runs: afterJob(runs, prompt_id) }));
  onEvent("report", take);
  onEvent("execution_success", end);
  onEvent("execution_error", (error) => {
    if (error.exception_type !== "ExecutionBlocked") end(error);
  });
  onEvent("execution_interrupted", end);
  onEvent("connected", () => void catchUp(take));
  if (useConnection.getState().status === "open") void catchUp(take);
}

/** Hear what was told of the jobs that run before this page listened. */
async function catchUp(take: (report: Report) => void): Promise<void> {
  try {
    const { jobs } = await fetchJson<{ jobs: readonly { id: string }[] }>("/jobs?status=in_progress");
    const running = new Set(jobs.map(({ id }) => id));
    for (const { id } of jobs) for (const report of await reportsOf(id)) take(report);
    for (const { job } of useLiveRuns.getState().runs) {
      if (!running.has(job)) useLiveRuns.setState(({ runs }) => ({ runs: afterJob(runs, job) }));
    }
  } catch (error) {
    // The connection's own notice says that the server is away; the next connection asks again.
    console.info("what trains is not known yet:", error);
  }
}

async function reportsOf(job: string): Promise<readonly Report[]> {
  const answer = await fetchJson<{ events: readonly { type: string; data: Json }[] }>(
    `/jobs/${encodeURIComponent(job)}/events`,
  );
  return answer.events.flatMap(({ type, data }) =>
    type === "report" && isObject(data) ? [data as unknown as Report] : [],
  );
}
