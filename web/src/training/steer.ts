/** Steering of nodes that train. */

import { text } from "@/i18n/language";
import { ServerError } from "@/server/api";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toast";
import { type LiveRun, noteAsked, useLiveRuns } from "./live-runs";
import { askNode, type TrainingAction } from "./runs";

/** Ask something of a node that trains; a refusal is told. Stopping asks first. */
export async function steer(run: LiveRun, action: TrainingAction): Promise<void> {
  if (action === "stop" && !(await confirmStop(run))) return;
  noteAsked(run, action);
  try {
    await askNode(run.job, run.node, action);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    noteAsked(run, null);
    toast({ text: text("training.not-asked"), detail: error.message, kind: "error", key: "training" });
  }
}

const confirmStop = (run: LiveRun): Promise<boolean> =>
  confirm({
    title: text("training.stop-title", { step: run.step }),
    text: text("training.stop-text"),
    action: text("training.stop"),
    danger: true,
  });

/** Return the node that trains, or waits in its training, and can be asked for something; undefined for none. */
export function steered(action: TrainingAction): LiveRun | undefined {
  const open = ({ state }: LiveRun) => state === "training" || state === "paused";
  const fits = (run: LiveRun) => action !== "pause" || run.state === "training";
  return useLiveRuns
    .getState()
    .runs.find(
      (run) =>
        open(run) && run.actions.has(action) && fits(run) && (action !== "resume" || run.state === "paused"),
    );
}
