/** A job that runs, in the queue. */

import { Square } from "lucide-react";
import { useCatalogue } from "@/catalogue/state";
import { nodeAt } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import { useSession } from "@/editor/session";
import { text, useText } from "@/i18n/language";
import { durationText } from "@/i18n/measure-texts";
import { IconButton } from "@/ui/icon-button";
import { ProgressBar } from "@/ui/progress-bar";
import { sentJob } from "./job-documents";
import { jobTitle } from "./job-title";
import type { Job } from "./jobs";
import { useLiveJobs } from "./live-jobs";
import { cancelJobs } from "./queue-actions";
import styles from "./queue-panel.module.css";

/** A list item with progress, what is being done, and how long it will take. */
export function RunningJob({ job }: { readonly job: Job }) {
  const say = useText();
  const live = useLiveJobs(({ jobs }) => jobs.get(job.id));
  const title = jobTitle(job);
  const node = live?.node ? nodeTitle(job.id, live.node) : null;
  const percent = job.percent ?? null;
  return (
    <li className={styles.card}>
      {live?.preview && (
        <img className={styles.preview} src={live.preview} alt={say("run.previewOf", { title })} />
      )}
      <div className={styles.line}>
        <span className={styles.title}>{title}</span>
        <IconButton
          label={say("run.stopJob", { title })}
          icon={Square}
          size="small"
          onClick={() => void cancelJobs([job.id])}
        />
      </div>
      <ProgressBar label={say("run.progressOf", { title })} value={percent === null ? null : percent / 100} />
      <p className={styles.note}>
        {[percent === null ? null : `${Math.round(percent)} %`, node, leftText(job)]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </li>
  );
}

function leftText({ seconds_left: left }: Job): string | null {
  return left === undefined || left < 1 ? null : text("run.left", { time: durationText(left) });
}

function nodeTitle(job: string, path: string): string | null {
  const documentId = sentJob(job)?.documentId;
  const document = useSession.getState().documents.find(({ id }) => id === documentId);
  const node = document && nodeAt(document.store.records, path);
  return node ? titleOf(node.raw, useCatalogue.getState().catalogue.get(node.raw.type)) : null;
}
