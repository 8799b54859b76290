/** The jobs that wait: dragged or moved with the keyboard to another place, put in front, taken away. */

import { ArrowDown, ArrowUp, ArrowUpToLine, GripVertical, X } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { text, useText } from "@/i18n/language";
import { announce } from "@/ui/announce";
import { IconButton } from "@/ui/icon-button";
import { jobTitle } from "./job-title";
import type { Job } from "./jobs";
import { cancelJobs, moveJob } from "./queue-actions";
import styles from "./queue-panel.module.css";

/** So many are drawn; a longer queue says how many more there are. */
const MOST = 200;

/** The list, in the order in which they will run. */
export function WaitingJobs({ jobs }: { readonly jobs: readonly Job[] }) {
  const say = useText();
  const [dragged, setDragged] = useState<string | null>(null);
  const more = jobs.length - MOST;
  return (
    <>
      <ol className={styles.list}>
        {jobs.slice(0, MOST).map((job, place) => (
          <WaitingJob
            key={job.id}
            job={job}
            jobs={jobs}
            place={place}
            dragged={dragged}
            setDragged={setDragged}
          />
        ))}
      </ol>
      {more > 0 && <p className={styles.note}>{say("run.waitingMore", { count: more })}</p>}
    </>
  );
}

interface WaitingJobProps {
  readonly job: Job;
  readonly jobs: readonly Job[];
  readonly place: number;
  /** Id of the job that is being dragged. */
  readonly dragged: string | null;
  readonly setDragged: (id: string | null) => void;
}

/** Move a job by one place, or to the front. */
function shift(jobs: readonly Job[], place: number, by: number): void {
  const job = jobs[place];
  const target = Math.min(Math.max(place + by, 0), jobs.length - 1);
  if (!job || target === place) return;
  const before = jobs[by > 0 ? target + 1 : target]?.id ?? null;
  void moveJob(job.id, before);
  announce(text("run.movedTo", { title: jobTitle(job), place: target + 1 }));
}

function WaitingJob({ job, jobs, place, dragged, setDragged }: WaitingJobProps) {
  const say = useText();
  const title = jobTitle(job);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    const from = jobs.findIndex(({ id }) => id === dragged);
    if (from >= 0) shift(jobs, from, place - from);
    setDragged(null);
  };
  const move = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || by === 0) return;
    event.preventDefault();
    shift(jobs, place, by);
  };
  return (
    <li
      className={styles.row}
      data-dragged={dragged === job.id || undefined}
      draggable
      onDragStart={() => setDragged(job.id)}
      onDragEnd={() => setDragged(null)}
      onDragOver={(event) => dragged && event.preventDefault()}
      onDrop={drop}
      onKeyDown={move}
    >
      <GripVertical size={14} className={styles.grip} aria-hidden />
      <span className={styles.place}>{place + 1}</span>
      <span className={styles.title}>{title}</span>
      <IconButton
        label={say("run.moveToFront", { title })}
        icon={ArrowUpToLine}
        size="small"
        disabled={place === 0}
        onClick={() => shift(jobs, place, -place)}
      />
      <IconButton
        label={say("run.moveUp", { title })}
        icon={ArrowUp}
        size="small"
        disabled={place === 0}
        onClick={() => shift(jobs, place, -1)}
      />
      <IconButton
        label={say("run.moveDown", { title })}
        icon={ArrowDown}
        size="small"
        disabled={place === jobs.length - 1}
        onClick={() => shift(jobs, place, 1)}
      />
      <IconButton
        label={say("run.cancelNamed", { title })}
        icon={X}
        size="small"
        onClick={() => void cancelJobs([job.id])}
      />
    </li>
  );
}
