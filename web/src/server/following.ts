/** The jobs of this tab: each numbered message about them is heard once, in order, over lost connections. */

import { apiUrl, fetchJson, ServerError } from "./api";
import { type Events, tell } from "./events";

/** A message as the server sends it; `sequence` counts within its job. */
export interface Message {
  readonly type: string;
  readonly data: unknown;
  readonly sequence?: number;
}

/** A job as the server lists it; times are in milliseconds since 1970. */
export interface JobItem {
  readonly id: string;
  readonly status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
  readonly percent?: number;
  readonly seconds_left?: number;
}

interface Followed {
  /** Number of the last message that was heard. */
  last: number;
  /** Messages that came while older ones are being fetched; null while none are. */
  held: Message[] | null;
  /** The connection was lost and found again meanwhile: what is being fetched may miss something. */
  again: boolean;
  /** Another tab sent the job, so that this tab's socket tells nothing of it. */
  readonly foreign: boolean;
  source: EventSource | null;
}

const followed = new Map<string, Followed>();

/** Return whether a job is over. */
export const isOver = (job: JobItem): boolean => job.status !== "pending" && job.status !== "in_progress";

/**
 * Hear of a job from now on, whatever becomes of the connection.
 *
 * @param foreign It was sent by another tab, or by this one before it was closed.
 */
export function followJob(id: string, foreign = false): void {
  if (!followed.has(id)) followed.set(id, { last: 0, held: null, again: false, foreign, source: null });
}

/** Hear no more of a job; it is also called when the job is over. */
export function unfollowJob(id: string): void {
  followed.get(id)?.source?.close();
  followed.delete(id);
}

/** Fetch what was missed of all jobs that are followed. */
export async function catchUpAll(): Promise<void> {
  await Promise.all([...followed.keys()].map(catchUp));
}

/**
 * Fetch what was missed of a job that is followed, and tell it.
 *
 * @returns The job; null where the server does not know it, or cannot be reached now.
 */
export async function catchUp(id: string): Promise<JobItem | null> {
  const job = followed.get(id);
  if (!job) return null;
  if (job.held) {
    job.again = true;
    return null;
  }
  job.held = [];
  try {
    let found = await fetchMissed(id, job);
    while (job.again) {
      job.again = false;
      found = await fetchMissed(id, job);
    }
    return found;
  } finally {
    const held = job.held;
    job.held = null;
    for (const message of held ?? []) pass(job, message);
  }
}

async function fetchMissed(id: string, job: Followed): Promise<JobItem | null> {
  try {
    const answer = await fetchJson<{ events: Message[]; job: JobItem }>(
      `/jobs/${encodeURIComponent(id)}/events?after=${job.last}`,
    );
    for (const message of answer.events) pass(job, message);
    if (isOver(answer.job)) unfollowJob(id);
    else if (job.foreign) listen(id, job);
    return answer.job;
  } catch (error) {
    if (error instanceof ServerError) return null;
    throw error;
  }
}

/** Take a message of the socket: tell it now, later, or not at all where it was told before. */
export function takeMessage(message: Message): void {
  const job = followed.get(jobOf(message) ?? "");
  if (!job || message.sequence === undefined) tell(message.type, message.data);
  else if (job.held) job.held.push(message);
  else pass(job, message);
}

function pass(job: Followed, message: Message): void {
  const number = message.sequence ?? 0;
  if (number <= job.last) return;
  job.last = number;
  tell(message.type, message.data);
  if (isEnd(message)) unfollowJob(jobOf(message) ?? "");
}

/** The server streams what happens to jobs of others; browsers come back to such a stream by themselves. */
function listen(id: string, job: Followed): void {
  if (job.source) return;
  const source = new EventSource(apiUrl(`/jobs/${encodeURIComponent(id)}/events?after=${job.last}`));
  job.source = source;
  source.onmessage = ({ data }) => pass(job, JSON.parse(data as string) as Message);
  source.addEventListener("job", ({ data }) => {
    if (isOver(JSON.parse(data as string) as JobItem)) unfollowJob(id);
  });
}

function jobOf({ data }: Message): string | undefined {
  const id = data !== null && typeof data === "object" && "prompt_id" in data ? data.prompt_id : undefined;
  return typeof id === "string" ? id : undefined;
}

const isEnd = ({ type, data }: Message): boolean =>
  type === "executing" && (data as Events["executing"]).node === null;
