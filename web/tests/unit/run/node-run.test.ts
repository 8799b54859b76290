import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { amendRun, forgetRuns, onNodeRun } from "@/run/node-run";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  forgetRuns("document");
});

function heard(): readonly string[] {
  const told: string[] = [];
  onNodeRun((_, path) => told.push(path));
  return told;
}

test("changes of one frame are told together, each node once", () => {
  const told = heard();
  for (const value of [1, 2, 3]) amendRun("document", "1", { progress: { value, max: 3 } });
  amendRun("document", "2:5", { state: "running" });
  expect(told).toEqual([]);
  vi.advanceTimersToNextFrame();
  expect(told).toEqual(["1", "2:5", "2"]);
  vi.advanceTimersByTime(500);
  expect(told).toHaveLength(3);
});

test("changes are told also where no frame comes, as in a window that was hidden a moment ago", () => {
  vi.stubGlobal("requestAnimationFrame", () => 0);
  const told = heard();
  amendRun("document", "1", { state: "running" });
  vi.advanceTimersByTime(200);
  expect(told).toEqual(["1"]);
});
