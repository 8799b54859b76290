import { expect, test } from "vitest";
import type { JsonObject } from "@/document/records";
import { afterJob, afterReport, type LiveRun } from "@/training/live-runs";

type Report = Parameters<typeof afterReport>[1];
const report = (kind: string, data: JsonObject, node = "5"): Report => ({
  prompt_id: "job",
  node,
  kind,
  data,
});
const training = (step: number, more: JsonObject = {}): Report =>
  report("training", {
    run: "lora-1",
    state: "training",
    step,
    total: 9,
    loss: 0.5,
    learning_rate: 0.01,
    seconds_per_step: 2,
    ...more,
  });

function after(...reports: readonly Report[]): readonly LiveRun[] {
  const offers = new Map<string, ReadonlySet<string>>();
  return reports.reduce<readonly LiveRun[]>((runs, one) => afterReport(runs, one, offers), []);
}

/** Return the run after a report, of a node that was asked for something before. */
function afterAsking(asked: LiveRun["asked"], ...reports: readonly Report[]): LiveRun | undefined {
  const before = after(training(3)).map((run) => ({ ...run, asked }));
  const offers = new Map<string, ReadonlySet<string>>();
  return reports.reduce<readonly LiveRun[]>((runs, one) => afterReport(runs, one, offers), before)[0];
}

test("a node that trains is told with its place, pace and what it offers", () => {
  const [run] = after(report("controls", { actions: ["pause", "stop"] }), training(3));
  expect(run).toMatchObject({ run: "lora-1", state: "training", step: 3, total: 9, secondsPerStep: 2 });
  expect([...(run?.actions ?? [])]).toEqual(["pause", "stop"]);
});

test("other nodes' reports are no training", () => {
  expect(after(report("controls", { actions: ["stop"] }), report("lora", { file: "a" }))).toEqual([]);
});

test("the newest of several is the first", () => {
  const runs = after(training(1), { ...training(1), node: "9" });
  expect(runs.map(({ node }) => node)).toEqual(["9", "5"]);
});

test("what was asked for is done when the node says so, not before", () => {
  expect(afterAsking("pause", training(4))?.asked).toBe("pause");
  expect(afterAsking("pause", training(4, { state: "paused" }))?.asked).toBeNull();
  expect(afterAsking("save", training(4))?.asked).toBe("save");
  expect(afterAsking("save", training(4, { saved: 4 }))).toMatchObject({ asked: null, saved: 4 });
  expect(afterAsking("stop", training(4))?.asked).toBe("stop");
  expect(afterAsking("stop", report("training", { run: "lora-1", state: "stopped" }))).toMatchObject({
    asked: null,
    state: "stopped",
    step: 3,
  });
});

test("a job that ends takes what still trained with it", () => {
  const finished = after(training(9, { state: "finished" }));
  expect(afterJob(finished, "job")).toBe(finished);
  expect(afterJob(after(training(3)), "job")[0]).toMatchObject({ state: "interrupted", step: 3 });
  expect(afterJob(after(training(3)), "another")[0]?.state).toBe("training");
});
