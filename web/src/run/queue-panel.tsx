/** The queue: what runs, what waits, what is over, of all who use the server. */

import { CirclePause, CirclePlay, CircleX, ListVideo, Trash2 } from "lucide-react";
import { useEffect } from "react";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { IconButton } from "@/ui/icon-button";
import { refreshJobs, showMoreJobs, useJobs } from "./jobs";
import { OverJob } from "./over-job";
import { cancelEverything, clearHistory, holdQueue } from "./queue-actions";
import styles from "./queue-panel.module.css";
import { RunningJob } from "./running-job";
import { WaitingJobs } from "./waiting-jobs";

/** The whole panel. */
export default function QueuePanel() {
  const { running, waiting, over, paused, loaded } = useJobs();
  const say = useText();
  useEffect(() => void refreshJobs(), []);
  const empty = loaded && running.length + waiting.length + over.length === 0;
  return (
    <div className={styles.panel}>
      <Actions />
      {paused && <p className={styles.held}>{say("run.heldText")}</p>}
      {empty && (
        <EmptyState icon={ListVideo} title={say("run.queueEmpty")} text={say("run.queueEmptyText")} />
      )}
      {running.length > 0 && (
        <Section title={say("run.running")} count={running.length}>
          <ul className={styles.list}>
            {running.map((job) => (
              <RunningJob key={job.id} job={job} />
            ))}
          </ul>
        </Section>
      )}
      {waiting.length > 0 && (
        <Section title={say("run.waiting")} count={waiting.length}>
          <WaitingJobs jobs={waiting} />
        </Section>
      )}
      {over.length > 0 && <Over />}
    </div>
  );
}

function Actions() {
  const say = useText();
  const { running, waiting, paused, overCount } = useJobs();
  return (
    <div className={styles.actions}>
      <Button
        size="small"
        icon={paused ? CirclePlay : CirclePause}
        aria-pressed={paused}
        onClick={() => void holdQueue(!paused)}
      >
        {say(paused ? "run.resume" : "run.hold")}
      </Button>
      <span className={styles.gap} />
      <IconButton
        label={say("run.cancelAll")}
        icon={CircleX}
        size="small"
        disabled={running.length + waiting.length === 0}
        onClick={() => void cancelEverything()}
      />
      <IconButton
        label={say("run.clear")}
        icon={Trash2}
        size="small"
        disabled={overCount === 0}
        onClick={() => void clearHistory()}
      />
    </div>
  );
}

function Over() {
  const say = useText();
  const { over, overCount } = useJobs();
  return (
    <Section title={say("run.over")} count={overCount}>
      <ul className={styles.list}>
        {over.map((job) => (
          <OverJob key={job.id} job={job} />
        ))}
      </ul>
      {over.length < overCount && (
        <Button kind="quiet" size="small" onClick={() => void showMoreJobs()}>
          {say("run.showMore")}
        </Button>
      )}
    </Section>
  );
}

interface SectionProps {
  readonly title: string;
  readonly count: number;
  readonly children: React.ReactNode;
}

function Section({ title, count, children }: SectionProps) {
  return (
    <section className={styles.section} aria-label={title}>
      <h3 className={styles.heading}>
        {title} <span className={styles.number}>{count}</span>
      </h3>
      {children}
    </section>
  );
}
