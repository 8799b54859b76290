import type { Command } from "@/editor/command";
import type { TrainingAction } from "./runs";
import { steer, steered } from "./steer";

/** Return the command that asks the node that trains for something. */
const steering = (action: TrainingAction, label: Command["label"]): Command => ({
  id: `training.${action}`,
  group: "run",
  label,
  enabled: () => steered(action) !== undefined,
  run: () => {
    const run = steered(action);
    return run && steer(run, action);
  },
});

/** What is done with training runs. */
export const commands: readonly Command[] = [
  steering("pause", "training.command-pause"),
  steering("resume", "training.command-resume"),
  steering("save", "training.command-save"),
  steering("stop", "training.command-stop"),
];
