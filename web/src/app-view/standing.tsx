/** How the first run of an app stands: its place in the queue, or how far it is. */

import { useCatalogue } from "@/catalogue/state";
import { nodeAt } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import type { OpenDocument } from "@/editor/session";
import { text, useText } from "@/i18n/language";
import { durationText } from "@/i18n/measure-texts";
import { type Job, useJobs } from "@/run/jobs";
import { useLiveJobs } from "@/run/live-jobs";
import { useConnection } from "@/server/socket";
import { ProgressBar } from "@/ui/progress-bar";
import styles from "./app-form.module.css";
import type { Sent } from "./runs-state";

interface StandingProps {
  readonly document: OpenDocument;
  /** Those that wait or run, the first one first. */
  readonly open: readonly Sent[];
}

/** A bar and a line: who is before it, else how much is done, by which node, and how long it will take. */
export function Standing({ document, open }: StandingProps) {
  const say = useText();
  const first = open[0]?.job ?? "";
  const running = useJobs((jobs) => jobs.running.find(({ id }) => id === first));
  const before = useJobs((jobs) => placeOf(first, jobs.waiting, jobs.running.length));
  const held = useJobs((jobs) => jobs.paused);
  const lost = useConnection(({ status }) => status === "lost");
  const node = useLiveJobs(({ jobs }) => jobs.get(first)?.node ?? null);
  const percent = running?.percent;
  const words = [
    running ? farText(running) : waitText(before, held),
    node === null ? null : nodeTitle(document, node),
    open.length > 1 ? say("app.more-waiting", { count: open.length - 1 }) : null,
  ];
  return (
    <div className={styles.standing}>
      <ProgressBar label={say("app.progress")} value={percent === undefined ? null : percent / 100} />
      <p className={styles.words} role={running ? undefined : "status"}>
        {lost ? say("app.lost") : words.filter(Boolean).join(" · ")}
      </p>
    </div>
  );
}

/** Return how many jobs come before one that waits; null where it does not wait. */
function placeOf(job: string, waiting: readonly Job[], running: number): number | null {
  const place = waiting.findIndex(({ id }) => id === job);
  return place < 0 ? null : place + running;
}

function waitText(before: number | null, held: boolean): string {
  if (held) return text("app.held");
  if (before === null || before === 0) return text("app.starting");
  return text(before === 1 ? "app.waiting-one" : "app.waiting", { count: before });
}

function farText({ percent = 0, seconds_left: left }: Job): string {
  const far = `${Math.round(percent)} %`;
  return left === undefined || left < 1 ? far : `${far} · ${text("run.left", { time: durationText(left) })}`;
}

function nodeTitle(document: OpenDocument, path: string): string | null {
  const node = nodeAt(document.store.records, path);
  return node ? titleOf(node.raw, useCatalogue.getState().catalogue.get(node.raw.type)) : null;
}
