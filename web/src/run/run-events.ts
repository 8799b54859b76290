/** What the server tells about the jobs of open documents, written down for each node. */

import type { Json } from "@/document/records";
import type { PreviewLabel } from "@/server/binary-message";
import { type Events, onEvent } from "@/server/events";
import { type SentJob, sentJob, wasSentBy } from "./job-documents";
import { amendRun, amendRuns, type NodeRun, type NodeState, nodeRun } from "./node-run";
import { outputItems } from "./outputs";
import { addProblem, dropProblems } from "./problems-state";

type Change = Partial<NodeRun>;
const STOPPED: ReadonlySet<NodeState> = new Set(["waiting", "running"]);

/** Nodes that have shown something in a job that runs, as `job path`. */
const shownBefore = new Set<string>();

/** Begin to write down what the server tells; returns the function that ends this. */
export function recordRuns(): () => void {
  const ends = [
    onEvent("execution_start", (data) => withJob(data.prompt_id, begin)),
    onEvent("execution_plan", (data) =>
      withJob(data.prompt_id, (job) => mark(job, data.nodes, ["idle"], "waiting")),
    ),
    onEvent("execution_cached", (data) =>
      withJob(data.prompt_id, (job) => mark(job, data.nodes, ["idle", "waiting"], "cached")),
    ),
    onEvent("progress_state", (data) =>
      withJob(data.prompt_id, (job) => {
        for (const node of Object.values(data.nodes)) advance(job, node);
      }),
    ),
    onEvent("executed", (data) => withJob(data.prompt_id, (job) => show(job, data))),
    onEvent("node_report", (data) => withJob(data.prompt_id, (job) => report(job, data))),
    onEvent("execution_error", (data) => withJob(data.prompt_id, (job) => fail(job, data))),
    onEvent("execution_interrupted", (data) => withJob(data.prompt_id, (job) => settle(job, "idle"))),
    onEvent("executing", (data) => {
      if (data.node === null && data.prompt_id) withJob(data.prompt_id, (job) => settle(job, "done"));
    }),
    onEvent("preview", ({ picture, label }) => {
      if (label) withJob(label.prompt_id, (job) => preview(job, label, picture));
    }),
    onEvent("progress_text", ({ node, text }) => speak(node, text)),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Jobs that run now, by id: words about progress name no job. */
const running = new Map<string, SentJob>();

/** Which run of each document failed last, and when, in milliseconds since the page was loaded. */
const lastFailures = new Map<string, { readonly job: string; readonly time: number }>();

function withJob(id: string, take: (job: SentJob) => void): void {
  const job = sentJob(id);
  if (job) take(job);
}

/** Return where in the document a node is shown. */
const placeOf = (job: SentJob, node: string): string => job.shownAt?.[node] ?? node;

function begin(job: SentJob): void {
  running.set(job.job, job);
  // Runs that wait behind the one that failed are no answer to it: what was wrong stays to be read.
  const failed = lastFailures.get(job.documentId);
  if (!failed || failed.job === job.job || !wasSentBy(job.job, failed.time)) {
    dropProblems(job.documentId, (problem) => problem.atRunTime);
  }
  const fresh: Change = {
    state: "idle",
    progress: null,
    text: null,
    preview: null,
    seconds: null,
    peakBytes: null,
  };
  amendRuns(job.documentId, () => fresh);
}

function mark(job: SentJob, nodes: readonly string[], from: readonly NodeState[], state: NodeState): void {
  for (const node of nodes) {
    const place = placeOf(job, node);
    if (from.includes(nodeRun(job.documentId, place).state)) amendRun(job.documentId, place, { state });
  }
}

function advance(job: SentJob, told: Events["progress_state"]["nodes"][string]): void {
  const place = placeOf(job, told.display_node_id);
  const before = nodeRun(job.documentId, place);
  const own = told.node_id === told.display_node_id;
  if (told.state === "finished") {
    const stays = before.state === "cached" || before.state === "blocked" || before.state === "failed";
    const ends = own || told.real_node_id !== told.display_node_id;
    if (ends && !stays && before.state !== "done") {
      amendRun(job.documentId, place, { state: "done", progress: null, text: null });
    }
    return;
  }
  if (told.state !== "running") return;
  const progress = told.max > 1 ? { value: told.value, max: told.max } : own ? null : before.progress;
  const same = before.progress?.value === progress?.value && before.progress?.max === progress?.max;
  if (before.state !== "running" || !same) amendRun(job.documentId, place, { state: "running", progress });
}

function show(job: SentJob, { node, display_node, output }: Events["executed"]): void {
  if (!output) return;
  const place = placeOf(job, display_node);
  const items = outputItems(output);
  const key = `${job.job} ${place}`;
  // Nodes that were brought into the run show at the place of one node, one after the other.
  const joins = node !== display_node && shownBefore.has(key);
  shownBefore.add(key);
  const outputs = joins ? [...nodeRun(job.documentId, place).outputs, ...items] : items;
  amendRun(job.documentId, place, { outputs, preview: null });
}

function report(job: SentJob, told: Events["node_report"]): void {
  const place = placeOf(job, told.display_node);
  const before = nodeRun(job.documentId, place);
  const own = told.node === told.display_node;
  // What a node brought into the run counts in its own time already.
  if (!own && told.display_node === told.real_node_id) return;
  if (told.cached) {
    amendRun(job.documentId, place, { state: "cached" });
    return;
  }
  const seconds = own ? told.seconds : (before.seconds ?? 0) + told.seconds;
  const peakBytes = Math.max(told.peak_bytes, own ? 0 : (before.peakBytes ?? 0));
  const state = told.blocked ? "blocked" : "done";
  amendRun(job.documentId, place, { seconds, peakBytes, state, progress: null, text: null });
}

function fail(job: SentJob, error: Events["execution_error"]): void {
  const place = placeOf(job, error.node_id);
  const blocked = error.exception_type === "ExecutionBlocked";
  if (!blocked) settle(job, "idle");
  lastFailures.set(job.documentId, { job: job.job, time: performance.now() });
  dropProblems(job.documentId, ({ atRunTime, path }) => atRunTime && path === place);
  addProblem(job.documentId, {
    path: place,
    type: error.exception_type,
    message: error.exception_message.trim(),
    details: error.traceback.join(""),
    extra: { current_inputs: error.current_inputs as Json, node_type: error.node_type },
    atRunTime: true,
  });
  if (place !== "") amendRun(job.documentId, place, { state: blocked ? "blocked" : "failed" });
}

/** The job is over: nothing waits or runs any more. */
function settle(job: SentJob, runningBecomes: NodeState): void {
  running.delete(job.job);
  for (const key of shownBefore) if (key.startsWith(`${job.job} `)) shownBefore.delete(key);
  amendRuns(job.documentId, (run) => {
    if (STOPPED.has(run.state)) {
      const state = run.state === "running" ? runningBecomes : "idle";
      return { state, progress: null, text: null, preview: null };
    }
    return run.preview === null ? null : { preview: null };
  });
}

function preview(job: SentJob, label: PreviewLabel, picture: Blob): void {
  const place = placeOf(job, label.display_node_id);
  amendRun(job.documentId, place, { preview: URL.createObjectURL(picture) });
}

function speak(node: string, words: string): void {
  const job = [...running.values()].at(-1);
  const top = node.split(".")[0] ?? node;
  if (job) amendRun(job.documentId, placeOf(job, top), { text: words });
}
