/** The run of a subgraph's instance: that of all nodes in it together. */

import type { NodeRun, NodeState } from "./node-run";

/** Return the run of an instance from those of the nodes in it. The preview stays theirs. */
export function combined(parts: readonly NodeRun[]): NodeRun {
  const state = stateOf(new Set(parts.map((part) => part.state)));
  const costs = parts.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  const peaks = parts.flatMap(({ peakBytes }) => (peakBytes === null ? [] : [peakBytes]));
  return {
    state,
    progress: state === "running" ? progressOf(parts) : null,
    text: parts.find((part) => part.state === "running")?.text ?? null,
    preview: parts.find((part) => part.preview !== null)?.preview ?? null,
    outputs: parts.flatMap((part) => part.outputs),
    seconds: costs.length > 0 ? costs.reduce((sum, one) => sum + one, 0) : null,
    peakBytes: peaks.length > 0 ? Math.max(...peaks) : null,
    problems: parts.flatMap((part) => part.problems),
  };
}

function stateOf(states: ReadonlySet<NodeState>): NodeState {
  if (states.has("failed")) return "failed";
  if (states.has("running")) return "running";
  const begun = states.has("done") || states.has("cached");
  if (states.has("waiting")) return begun ? "running" : "waiting";
  if (states.has("done")) return "done";
  if (states.has("blocked")) return "blocked";
  return states.has("cached") ? "cached" : "idle";
}

function progressOf(parts: readonly NodeRun[]): { readonly value: number; readonly max: number } {
  const counted = parts.filter((part) => part.state !== "idle");
  const value = counted.reduce((sum, part) => sum + shareOf(part), 0);
  return { value, max: counted.length };
}

function shareOf({ state, progress }: NodeRun): number {
  if (state === "running") return progress && progress.max > 0 ? progress.value / progress.max : 0;
  return state === "waiting" ? 0 : 1;
}
