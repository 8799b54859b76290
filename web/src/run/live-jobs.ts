/** What the jobs of this tab are doing now: the node that runs, and the newest picture of what it makes. */

import { create } from "zustand";
import { onEvent } from "@/server/events";

interface LiveJob {
  /** Path of the node that runs; null between nodes. */
  readonly node: string | null;
  /** Address of a picture; good until the next one comes. */
  readonly preview: string | null;
}

const NOTHING: LiveJob = { node: null, preview: null };

/** What the running jobs of this tab are at, by ids of jobs. */
export const useLiveJobs = create<{ readonly jobs: ReadonlyMap<string, LiveJob> }>(() => ({
  jobs: new Map(),
}));

let watching = false;

/** Keep what the jobs of this tab are doing up to date from now on; a second call does nothing. */
export function watchLiveJobs(): void {
  if (watching) return;
  watching = true;
  onEvent("preview", ({ picture, label }) => {
    if (label) amend(label.prompt_id, { preview: URL.createObjectURL(picture) });
  });
  onEvent("executing", ({ prompt_id: job, node, display_node }) => {
    if (!job) return;
    if (node === null) forget(job);
    else amend(job, { node: display_node ?? node });
  });
}

function amend(job: string, change: Partial<LiveJob>): void {
  const before = useLiveJobs.getState().jobs.get(job) ?? NOTHING;
  if (change.preview && before.preview) URL.revokeObjectURL(before.preview);
  useLiveJobs.setState(({ jobs }) => ({ jobs: new Map(jobs).set(job, { ...before, ...change }) }));
}

function forget(job: string): void {
  const { jobs } = useLiveJobs.getState();
  const { preview = null } = jobs.get(job) ?? NOTHING;
  if (preview) URL.revokeObjectURL(preview);
  const left = new Map(jobs);
  if (left.delete(job)) useLiveJobs.setState({ jobs: left });
}
