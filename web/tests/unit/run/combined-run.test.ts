import { expect, test } from "vitest";
import { combined } from "@/run/combined-run";
import { NOT_RUN, type NodeRun, type NodeState } from "@/run/node-run";

const of = (state: NodeState, more: Partial<NodeRun> = {}): NodeRun => ({ ...NOT_RUN, state, ...more });

test.each<[NodeState, NodeState[]]>([
  ["idle", ["idle", "idle"]],
  ["waiting", ["waiting", "idle"]],
  ["running", ["done", "waiting"]],
  ["running", ["running", "waiting", "cached"]],
  ["failed", ["done", "failed", "waiting"]],
  ["done", ["done", "cached"]],
  ["cached", ["cached", "cached"]],
  ["blocked", ["blocked", "cached"]],
])("an instance is %s when its nodes are %j", (state, parts) => {
  expect(combined(parts.map((part) => of(part))).state).toBe(state);
});

test("an instance is as far as its nodes together", () => {
  const parts = [of("done"), of("cached"), of("running", { progress: { value: 5, max: 20 } }), of("waiting")];
  expect(combined(parts).progress).toEqual({ value: 2.25, max: 4 });
});

test("an instance takes the time of all its nodes and as much memory as the largest", () => {
  const parts = [
    of("done", { seconds: 1, peakBytes: 10 }),
    of("done", { seconds: 2.5, peakBytes: 7 }),
    of("cached"),
  ];
  expect(combined(parts)).toMatchObject({ seconds: 3.5, peakBytes: 10 });
  expect(combined([of("cached")])).toMatchObject({ seconds: null, peakBytes: null });
});
