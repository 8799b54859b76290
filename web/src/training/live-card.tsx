/** A node that trains: how far it is, and the buttons that steer it. */

import type { LucideIcon } from "lucide-react";
import { CirclePause, CirclePlay, ImagePlus, Octagon, Save } from "lucide-react";
import type { TextKey } from "@/i18n/language";
import { useText } from "@/i18n/language";
import { durationText } from "@/i18n/measure-texts";
import { Button } from "@/ui/button";
import { ProgressBar } from "@/ui/progress-bar";
import { shortNumber } from "./curve";
import styles from "./live-card.module.css";
import type { LiveRun, TrainingState } from "./live-runs";
import { usePanelView } from "./panel-view";
import { runName } from "./run-choice";
import type { TrainingAction } from "./runs";
import { steer } from "./steer";

const TONES: Readonly<Record<TrainingState, "accent" | "success" | "danger">> = {
  training: "accent",
  paused: "accent",
  finished: "success",
  stopped: "success",
  interrupted: "danger",
};

/** What stands under the bar while the node has not obeyed yet. */
const ASKED: Readonly<Record<TrainingAction, TextKey>> = {
  pause: "training.pausing",
  resume: "training.resuming",
  save: "training.saving",
  stop: "training.stopping",
  sample: "training.sampling",
};

interface LiveCardProps {
  readonly run: LiveRun;
  /** Its curve and pictures are what the panel shows. */
  readonly shown: boolean;
}

/** The state of one training node, kept up to date. */
export function LiveCard({ run, shown }: LiveCardProps) {
  const text = useText();
  const { step, total, state, secondsPerStep } = run;
  const open = state === "training" || state === "paused";
  return (
    <section className={styles.card} data-state={state} aria-label={run.run}>
      <Head run={run} shown={shown} />
      <ProgressBar
        label={text("training.progress")}
        value={total > 0 ? step / total : null}
        tone={TONES[state]}
      />
      <p className={styles.note} role="status">
        <Note run={run} />
      </p>
      {open && (
        <>
          {secondsPerStep > 0 && state === "training" && (
            <p className={styles.pace}>
              <span>{text("training.pace", { time: paceOf(secondsPerStep) })}</span>
              <span>{text("training.left", { time: durationText((total - step) * secondsPerStep) })}</span>
            </p>
          )}
          <Actions run={run} />
        </>
      )}
    </section>
  );
}

/** Which run it is, how far, its loss, and its learning rate. */
function Head({ run, shown }: LiveCardProps) {
  const text = useText();
  const { step, total, loss, rate } = run;
  const name = runName({ name: run.run, method: run.run.split("-", 1)[0] ?? "" });
  return (
    <>
      <div className={styles.head}>
        <strong>{text("training.step-of", { step, total })}</strong>
        {shown ? (
          <span className={styles.name}>{name}</span>
        ) : (
          <Button size="small" onClick={() => usePanelView.setState({ chosen: run.run })}>
            {text("training.show-run", { name })}
          </Button>
        )}
      </div>
      <div className={styles.head}>
        <span className={styles.loss}>
          {text("training.col-loss")} {shortNumber(loss)}
        </span>
        <span className={styles.loss}>
          {text("training.col-rate")} {shortNumber(rate)}
        </span>
      </div>
    </>
  );
}

/** Write seconds for one step: `38 ms`, `1.24 s`. */
function paceOf(seconds: number): string {
  return seconds < 1
    ? `${Math.round(seconds * 1000)} ms`
    : `${shortNumber(Number(seconds.toPrecision(3)))} s`;
}

function Note({ run }: { readonly run: LiveRun }) {
  const text = useText();
  const { asked, state, step, saved } = run;
  if (asked) return text(ASKED[asked]);
  if (state === "paused") return text("training.paused", { step });
  if (state !== "training") return text(`training.ended-${state}`);
  return saved > 0 ? text("training.saved", { step: saved }) : null;
}

interface ActionProps {
  readonly run: LiveRun;
  readonly action: TrainingAction;
  readonly icon: LucideIcon;
  readonly kind?: "primary" | "plain" | "danger";
}

function Actions({ run }: { readonly run: LiveRun }) {
  const text = useText();
  return (
    <fieldset className={styles.actions}>
      <legend className="sr-only">{text("training.actions")}</legend>
      {run.state === "paused" ? (
        <Action run={run} action="resume" icon={CirclePlay} kind="primary" />
      ) : (
        <Action run={run} action="pause" icon={CirclePause} />
      )}
      <Action run={run} action="save" icon={Save} />
      {run.actions.has("sample") && <Action run={run} action="sample" icon={ImagePlus} />}
      <Action run={run} action="stop" icon={Octagon} kind="danger" />
    </fieldset>
  );
}

function Action({ run, action, icon, kind = "plain" }: ActionProps) {
  const text = useText();
  return (
    <Button
      kind={kind}
      size="small"
      icon={icon}
      busy={run.asked === action}
      disabled={!run.actions.has(action) || run.asked !== null}
      onClick={() => void steer(run, action)}
    >
      {text(`training.${action}`)}
    </Button>
  );
}
