/** A job that is over, in the queue. */

import { CircleAlert, CircleCheck, CircleSlash, Ellipsis } from "lucide-react";
import { text, useText } from "@/i18n/language";
import { agoText, durationText } from "@/i18n/measure-texts";
import { IconButton } from "@/ui/icon-button";
import { Menu, type MenuEntry } from "@/ui/menu";
import { firstResult, jobResults } from "./job-results";
import { jobTitle } from "./job-title";
import type { Job } from "./jobs";
import { deleteJob, openJob, runAgain } from "./queue-actions";
import styles from "./queue-panel.module.css";
import { attempt } from "./run";
import { Thumbnail } from "./thumbnail";
import { openViewer } from "./viewer-state";

const MARKS = {
  completed: { icon: CircleCheck, style: styles.good, label: "run.completed" },
  failed: { icon: CircleAlert, style: styles.bad, label: "run.failed" },
  cancelled: { icon: CircleSlash, style: styles.dim, label: "run.cancelled" },
} as const;

/** Show everything that a job has given, large. */
async function look(job: Job): Promise<void> {
  await attempt(async () => openViewer(await jobResults(job), 0));
}

/** A list item with a picture, how it ended, how long it took, and what can be done with it. */
export function OverJob({ job }: { readonly job: Job }) {
  const say = useText();
  const title = jobTitle(job);
  const mark = job.status in MARKS ? MARKS[job.status as keyof typeof MARKS] : MARKS.cancelled;
  const Icon = mark.icon;
  return (
    <li className={styles.row}>
      <Results job={job} />
      <div className={styles.words}>
        <span className={styles.title}>{title}</span>
        <span className={styles.note}>
          <Icon size={13} className={mark.style} aria-hidden />
          {[say(mark.label), tookText(job), agoText(job.execution_end_time ?? job.create_time)]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {job.execution_error && (
          <span className={styles.error}>{job.execution_error.exception_message.trim()}</span>
        )}
      </div>
      <Menu entries={() => entriesOf(job)} align="end">
        <IconButton label={say("run.actionsOf", { title })} icon={Ellipsis} size="small" />
      </Menu>
    </li>
  );
}

function entriesOf(job: Job): readonly MenuEntry[] {
  return [
    { label: text("run.again"), onSelect: () => void runAgain(job) },
    { label: text("run.openThis"), onSelect: () => void openJob(job.id, jobTitle(job)) },
    { label: text("run.look"), disabled: !job.preview_output, onSelect: () => void look(job) },
    "separator",
    {
      label: text("run.deleteJob"),
      danger: true,
      onSelect: () => void deleteJob(job.id, jobTitle(job), Boolean(job.preview_output)),
    },
  ];
}

function Results({ job }: { readonly job: Job }) {
  const say = useText();
  const result = firstResult(job);
  if (!result) return <span className={styles.blank} aria-hidden />;
  return (
    <button
      type="button"
      className={styles.thumb}
      aria-label={say("run.lookAt", { title: jobTitle(job) })}
      onClick={() => void look(job)}
    >
      <Thumbnail item={result} tiny />
    </button>
  );
}

function tookText({ execution_start_time: start, execution_end_time: end }: Job): string | null {
  return start === undefined || end === undefined ? null : durationText((end - start) / 1000);
}
