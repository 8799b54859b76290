/** Tells when everything that this tab has sent is over. */

import { text } from "@/i18n/language";
import { clientId } from "@/server/client-id";
import { type Events, onEvent } from "@/server/events";
import { jobTitle } from "./job-title";
import { refreshJobs, useJobs } from "./jobs";

/** How the last of some runs ended. */
export interface RunsEnd {
  readonly failed: boolean;
  /** In a few words. */
  readonly text: string;
}

/** What is heard anew after a reload was over before; older ends than this, in milliseconds, are no news. */
const NEWS = 30_000;

/** Hear when the last run of this tab is over, or one fails; returns the function that ends this. */
export function onRunsEnd(told: (end: RunsEnd) => void): () => void {
  const ends = [
    onEvent("execution_success", ({ prompt_id, timestamp }) => {
      if (Date.now() - timestamp < NEWS) void tellLast(prompt_id, told);
    }),
    onEvent("execution_error", (error) => tellFailure(error, told)),
  ];
  return () => {
    for (const end of ends) end();
  };
}

async function tellLast(id: string, told: (end: RunsEnd) => void): Promise<void> {
  const own = await clientId();
  await refreshJobs();
  const { running, waiting, over } = useJobs.getState();
  if ([...running, ...waiting].some((job) => job.client_id === own && job.id !== id)) return;
  told({ failed: false, text: text("run.ended", { title: titleOf(over, id) }) });
}

const titleOf = (jobs: ReturnType<typeof useJobs.getState>["over"], id: string): string =>
  jobTitle(jobs.find((job) => job.id === id) ?? { id, status: "completed", create_time: 0 });

function tellFailure(
  {
    prompt_id,
    exception_type,
    exception_message: message,
    timestamp = Date.now(),
  }: Events["execution_error"],
  told: (end: RunsEnd) => void,
): void {
  if (exception_type === "ExecutionBlocked" || Date.now() - timestamp >= NEWS) return;
  const { running, over } = useJobs.getState();
  const title = titleOf([...running, ...over], prompt_id);
  told({
    failed: true,
    text: text("run.endedFailed", { title, why: message.trim().split("\n", 1)[0] ?? "" }),
  });
}
