/** What can be done with jobs: moved, taken away, stopped, run again, opened; the queue held. */

import { isObject, type JsonObject } from "@/document/records";
import { newUuid } from "@/document/uuid";
import { openWorkflow } from "@/files/open";
import { text } from "@/i18n/language";
import { fetchJson } from "@/server/api";
import { clientId } from "@/server/client-id";
import { followJob, unfollowJob } from "@/server/following";
import { type StoredFile, viewUrl } from "@/server/uploads";
import { choose, confirm } from "@/ui/confirm";
import { toast } from "@/ui/toast";
import { forgetJob, rememberJob, sentJob } from "./job-documents";
import { type Job, refreshJobs, useJobs } from "./jobs";
import { forgetOutputs } from "./node-run";
import { attempt } from "./run";

async function change(path: string, json: unknown): Promise<boolean> {
  const done = await attempt(() => fetchJson(path, { json }));
  await refreshJobs();
  return done;
}

/** Stop jobs that run, and take away those that wait. */
export async function cancelJobs(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await change("/jobs/cancel", { job_ids: ids });
}

/** Stop what runs and take away what waits, those of others too, when the user says so. */
export async function cancelEverything(): Promise<void> {
  const { running, waiting } = useJobs.getState();
  const all = [...running, ...waiting];
  const own = await clientId();
  const others = all.filter((job) => job.client_id !== own).length;
  const sure =
    all.length < 3 && others === 0
      ? true
      : await confirm({
          title: text("run.cancelAllTitle", { count: all.length }),
          text: others > 0 ? text("run.cancelAllOthers", { count: others }) : text("run.cancelAllText"),
          action: text("run.cancelAll"),
          danger: true,
        });
  if (sure) await cancelJobs(all.map(({ id }) => id));
}

/** Put a job that waits before another one, or at the end for null. */
export async function moveJob(id: string, before: string | null): Promise<void> {
  useJobs.setState(({ waiting }) => ({ waiting: moved(waiting, id, before) }));
  await change("/queue", { move: { id, before } });
}

function moved(jobs: readonly Job[], id: string, before: string | null): readonly Job[] {
  const job = jobs.find((one) => one.id === id);
  if (!job || id === before) return jobs;
  const others = jobs.filter((one) => one !== job);
  const place = before === null ? others.length : others.findIndex((one) => one.id === before);
  return [...others.slice(0, place), job, ...others.slice(place)];
}

/** Begin no further job, or go on. */
export async function holdQueue(paused: boolean): Promise<void> {
  useJobs.setState({ paused });
  await change("/queue", { pause: paused });
}

/**
 * Delete a job that is over; where it has results the user is asked first, and says whether its pictures go too.
 *
 * @returns Whether the job is gone.
 */
export async function deleteJob(id: string, title: string, hasResults: boolean): Promise<boolean> {
  const choice = hasResults
    ? await choose({
        title: text("run.deleteTitle", { title }),
        text: text("run.deleteText"),
        choices: [
          { id: "files", label: text("run.deleteFiles"), kind: "danger" },
          { id: "run", label: text("run.deleteOnly"), kind: "primary" },
        ],
      })
    : "run";
  if (choice === null) return false;
  let files: Removal = { deleted: [], kept: 0 };
  const done = await attempt(async () => {
    files = await fetchJson<Removal>("/jobs/delete", { json: { job_ids: [id], files: choice === "files" } });
  });
  if (done) {
    forgetOutputs(files.deleted.map((file) => viewUrl(file)));
    tellDeleted(files);
  }
  await refreshJobs();
  return done;
}

/** Which files of a job are gone, and how many stay. */
interface Removal {
  readonly deleted: readonly StoredFile[];
  readonly kept: number;
}

function tellDeleted({ deleted, kept }: Removal): void {
  const count = deleted.length;
  toast({
    text: count > 0 ? text("run.deletedFiles", { count }) : text("run.deleted"),
    ...(kept > 0 && { detail: text("run.keptFiles", { count: kept }) }),
    key: "run",
  });
}

/** Forget all jobs that are over when the user says so; their files stay. */
export async function clearHistory(): Promise<void> {
  const { overCount } = useJobs.getState();
  const sure = await confirm({
    title: text("run.clearTitle", { count: overCount }),
    text: text("run.clearText"),
    action: text("run.clear"),
    danger: true,
  });
  if (sure) await change("/history", { clear: true });
}

interface WholeJob {
  readonly workflow: { readonly prompt: JsonObject; readonly extra_data: JsonObject };
}

/** Run a job anew, exactly as it was. */
export async function runAgain({ id, title }: Job): Promise<void> {
  const client = await clientId();
  const fresh = newUuid();
  const done = await attempt(async () => {
    const { workflow } = await fetchJson<WholeJob>(`/jobs/${id}`);
    const documentId = sentJob(id)?.documentId;
    if (documentId) rememberJob({ job: fresh, documentId, client });
    followJob(fresh);
    await fetchJson("/prompt", {
      json: {
        prompt: workflow.prompt,
        client_id: client,
        prompt_id: fresh,
        extra_data: {
          ...workflow.extra_data,
          client_id: client,
          create_time: undefined,
          workflow_title: title,
        },
      },
    });
  });
  if (done) await refreshJobs();
  else {
    forgetJob(fresh);
    unfollowJob(fresh);
  }
}

/** Open the workflow of a job as it was when it ran. */
export async function openJob(id: string, title: string): Promise<void> {
  await attempt(async () => {
    const { workflow } = await fetchJson<WholeJob>(`/jobs/${id}`);
    const pnginfo = workflow.extra_data.extra_pnginfo;
    const canvas = isObject(pnginfo) && isObject(pnginfo.workflow) ? pnginfo.workflow : workflow.prompt;
    await openWorkflow(canvas, { title });
    toast({ text: text("run.opened", { title }), kind: "success", key: "run" });
  });
}
