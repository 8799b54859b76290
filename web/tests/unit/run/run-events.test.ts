import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { rememberJob } from "@/run/job-documents";
import { forgetRuns, nodeRun, onNodeRun, useNodeRun } from "@/run/node-run";
import { problemsOf } from "@/run/problems-state";
import { recordRuns } from "@/run/run-events";
import { type Events, tell } from "@/server/events";

const DOCUMENT = "document";
const JOB = "job";
let end: () => void;

beforeEach(() => {
  end = recordRuns();
  rememberJob({ job: JOB, documentId: DOCUMENT, client: "me", shownAt: { "99": "3" } });
});
afterEach(() => {
  end();
  forgetRuns(DOCUMENT);
});

function say<K extends keyof Events>(type: K, data: Omit<Events[K], "prompt_id">): void {
  tell(type, { prompt_id: JOB, ...data });
}

const progress = (id: string, state: "running" | "finished", value = 0, max = 1, display = id) => ({
  [id]: { value, max, state, node_id: id, display_node_id: display, real_node_id: id.split(".")[0] ?? id },
});

const states = (...paths: string[]) => paths.map((path) => nodeRun(DOCUMENT, path).state);

function begin(nodes: readonly string[]): void {
  say("execution_start", { timestamp: 0 });
  say("execution_plan", { nodes });
}

test("a node waits, runs, shows its progress and is done with what it cost", () => {
  begin(["1", "2", "3"]);
  say("execution_cached", { nodes: ["1"] });
  expect(states("1", "2", "3")).toEqual(["cached", "waiting", "waiting"]);
  say("progress_state", { nodes: progress("2", "running", 3, 20) });
  expect(nodeRun(DOCUMENT, "2")).toMatchObject({ state: "running", progress: { value: 3, max: 20 } });
  say("node_report", report("2", { seconds: 1.5, peak_bytes: 7 }));
  say("progress_state", { nodes: { ...progress("2", "finished", 20, 20), ...progress("3", "running") } });
  expect(nodeRun(DOCUMENT, "2")).toMatchObject({ state: "done", progress: null, seconds: 1.5, peakBytes: 7 });
  say("executing", { node: null });
  expect(states("1", "2", "3")).toEqual(["cached", "done", "done"]);
});

const report = (
  node: string,
  more: Partial<Events["node_report"]> = {},
): Omit<Events["node_report"], "prompt_id"> => ({
  node,
  display_node: node.split(".")[0] ?? node,
  real_node_id: node.split(".")[0] ?? node,
  seconds: 1,
  peak_bytes: 1,
  cached: false,
  blocked: false,
  ...more,
});

const picture = (filename: string) => ({ images: [{ filename, subfolder: "", type: "output" }] });
const names = (path: string) => nodeRun(DOCUMENT, path).outputs.map(({ filename }) => filename);

test("what a node shows stays until it shows something else, over further runs too", () => {
  begin(["3"]);
  say("executed", { node: "3", display_node: "3", output: picture("a.png") });
  begin(["3"]);
  expect(names("3")).toEqual(["a.png"]);
  say("executed", { node: "3", display_node: "3", output: picture("b.png") });
  say("executed", { node: "3", display_node: "3", output: null });
  expect(names("3")).toEqual(["b.png"]);
});

test("nodes that a node brought into the run show at its place one after the other and cost nothing more", () => {
  begin(["2"]);
  say("executed", { node: "2.0.0.1", display_node: "2", output: picture("a.png") });
  say("executed", { node: "2.0.0.2", display_node: "2", output: picture("b.png") });
  expect(names("2")).toEqual(["a.png", "b.png"]);
  say("progress_state", { nodes: progress("2", "running") });
  say("progress_state", { nodes: progress("2.0.0.1", "finished", 1, 1, "2") });
  expect(states("2")).toEqual(["running"]);
  say("node_report", report("2.0.0.1", { seconds: 5 }));
  say("node_report", report("2", { seconds: 6 }));
  expect(nodeRun(DOCUMENT, "2")).toMatchObject({ state: "done", seconds: 6 });
});

test("the rounds of a loop add up at the node that they are of", () => {
  begin(["1", "5"]);
  for (const round of [1, 2]) {
    say("node_report", { ...report(`1.0.0.${round}_5`), display_node: "5", real_node_id: "1", seconds: 2 });
  }
  expect(nodeRun(DOCUMENT, "5").seconds).toBe(4);
});

test("a node that was added to look at another shows at that one's place", () => {
  begin(["99"]);
  say("executed", { node: "99", display_node: "99", output: picture("a.png") });
  expect(names("3")).toEqual(["a.png"]);
});

test("a failure is a problem of its node, ends the run, and is forgotten when the next one begins", () => {
  begin(["1", "2"]);
  say("progress_state", { nodes: progress("1", "running") });
  say("execution_error", {
    node_id: "1",
    node_type: "KSampler",
    exception_type: "ValueError",
    exception_message: "boom\n",
    traceback: ["  line\n"],
    current_inputs: {},
  });
  say("executing", { node: null });
  expect(states("1", "2")).toEqual(["failed", "idle"]);
  expect(problemsOf(DOCUMENT)).toMatchObject([{ path: "1", message: "boom", atRunTime: true }]);
  expect(nodeRun(DOCUMENT, "1").problems).toHaveLength(1);
  say("execution_start", { timestamp: 1 });
  expect(problemsOf(DOCUMENT)).toEqual([]);
  expect(states("1")).toEqual(["idle"]);
});

test("a node that must not run is marked, and the run goes on", () => {
  begin(["1", "2"]);
  say("execution_error", {
    node_id: "1",
    node_type: "SaveImage",
    exception_type: "ExecutionBlocked",
    exception_message: "Execution Blocked: no picture",
    traceback: [],
    current_inputs: [],
  });
  expect(states("1", "2")).toEqual(["blocked", "waiting"]);
});

test("an instance of a subgraph does as the nodes in it", async () => {
  begin(["12:5", "12:7"]);
  say("progress_state", { nodes: progress("12:5", "running", 1, 4) });
  await vi.waitFor(() => expect(states("12")).toEqual(["running"]));
  expect(nodeRun(DOCUMENT, "12").progress).toEqual({ value: 0.25, max: 2 });
});

test("jobs of others change nothing", () => {
  tell("progress_state", { prompt_id: "another", nodes: progress("1", "running") });
  expect(states("1")).toEqual(["idle"]);
});

test("changes of one frame are told once for each node, and only to those who look at it", async () => {
  const told = vi.fn();
  const stop = onNodeRun(told);
  let draws = 0;
  const { result } = renderHook(() => {
    draws += 1;
    return useNodeRun(DOCUMENT, "1").state;
  });
  await act(async () => {
    begin(["1"]);
    for (let value = 0; value < 50; value++) {
      say("progress_state", {
        nodes: { ...progress("1", "running", value, 50), ...progress("2", "running") },
      });
    }
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
  });
  expect(told.mock.calls).toEqual([
    [DOCUMENT, "1"],
    [DOCUMENT, "2"],
  ]);
  expect([result.current, draws]).toEqual(["running", 2]);
  stop();
});

test("the results of two jobs at once are not taken for each other's", () => {
  const pictures = (filename: string) => ({ images: [{ filename, subfolder: "", type: "output" as const }] });
  const shown = (node: string, filename: string) =>
    say("executed", { node, display_node: "1", output: pictures(filename) });
  begin(["1"]);
  shown("1.a", "a.png");
  rememberJob({ job: "other", documentId: "another document", client: "me" });
  tell("execution_start", { prompt_id: "other", timestamp: 0 });
  shown("1.b", "b.png");
  expect(nodeRun(DOCUMENT, "1").outputs.map(({ filename }) => filename)).toEqual(["a.png", "b.png"]);
});

const failure = (message: string): Omit<Events["execution_error"], "prompt_id"> => ({
  node_id: "2",
  node_type: "KSampler",
  exception_message: message,
  exception_type: "MemoryError",
  traceback: [],
  current_inputs: {},
});

test("what failed stays to be read while runs go on that waited behind it, and goes with a later one", () => {
  rememberJob({ job: "behind", documentId: DOCUMENT, client: "me" });
  begin(["2"]);
  say("execution_error", failure("no memory"));
  tell("execution_start", { prompt_id: "behind", timestamp: 0 });
  expect(problemsOf(DOCUMENT).map(({ message }) => message)).toEqual(["no memory"]);
  tell("execution_error", { prompt_id: "behind", ...failure("no memory again") });
  expect(problemsOf(DOCUMENT).map(({ message }) => message)).toEqual(["no memory again"]);
  rememberJob({ job: "later", documentId: DOCUMENT, client: "me" });
  tell("execution_start", { prompt_id: "later", timestamp: 0 });
  expect(problemsOf(DOCUMENT)).toEqual([]);
});
