/** Progress, mistakes and measurements of the last run, on a node. */

import { CircleAlert, Zap } from "lucide-react";
import { useSetting } from "@/editor/settings";
import { useText } from "@/i18n/language";
import type { NodeRun } from "@/run/node-run";
import { Popover } from "@/ui/popover";
import { shownBytes, shownSeconds } from "../measures";
import styles from "./node-view.module.css";
import { ProblemList } from "./problem-list";

/** Everything about a node's last run besides what it made. */
export function NodeRunMarks({ run }: { readonly run: NodeRun }) {
  return (
    <>
      {run.state === "running" && <Progress run={run} />}
      {run.problems.length > 0 && <Problems run={run} />}
      <Measures run={run} />
    </>
  );
}

function Progress({ run }: { readonly run: NodeRun }) {
  const text = useText();
  const { progress } = run;
  const share = progress && progress.max > 0 ? progress.value / progress.max : undefined;
  return (
    <div
      role="progressbar"
      aria-label={run.text ?? text("canvas.stateRunning")}
      aria-valuemin={0}
      aria-valuemax={progress?.max ?? 1}
      {...(progress && { "aria-valuenow": progress.value })}
      className={styles.progress}
      data-open={share === undefined || undefined}
    >
      <span style={{ transform: `scaleX(${share ?? 0.3})` }} />
    </div>
  );
}

function Problems({ run }: { readonly run: NodeRun }) {
  const text = useText();
  const label = text("canvas.showProblems", { count: run.problems.length });
  return (
    <Popover
      label={label}
      trigger={
        <button type="button" className={styles.problem} aria-label={label}>
          <CircleAlert size={14} aria-hidden />
          <span>{run.problems[0]?.message}</span>
        </button>
      }
    >
      <ProblemList problems={run.problems} />
    </Popover>
  );
}

/** Time and memory, while the profiler is switched on; that a node was not run again, always. */
function Measures({ run }: { readonly run: NodeRun }) {
  const text = useText();
  const profiler = useSetting("profiler");
  if (run.state === "cached") {
    return (
      <span className={styles.measures} title={text("canvas.stateCached")}>
        <Zap size={11} aria-hidden />
        {profiler && text("canvas.cachedShort")}
      </span>
    );
  }
  if (!profiler || run.seconds === null) return null;
  return (
    <span className={styles.measures}>
      {shownSeconds(run.seconds)}
      {run.peakBytes !== null && run.peakBytes > 0 && ` · ${shownBytes(run.peakBytes)}`}
    </span>
  );
}
