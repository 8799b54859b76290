/** Runs of an app: what is under way, and what came of it in this session. */

import { create } from "zustand";
import type { OpenDocument } from "@/editor/session";
import { nodeRun } from "@/run/node-run";
import { type OutputItem, outputItems } from "@/run/outputs";
import { runWorkflow } from "@/run/run";
import { onEvent } from "@/server/events";
import type { Values } from "./shared-values";

/** What came of one run. */
export interface Made {
  readonly job: string;
  readonly values: Values;
  readonly items: readonly OutputItem[];
}

interface AppRuns {
  /** Jobs that wait or run, in order, with the values that they were sent with. */
  readonly open: readonly { readonly job: string; readonly values: Values }[];
  /** How far the first one is, from 0 to 1; null while it waits. */
  readonly share: number | null;
  /** The newest first. */
  readonly made: readonly Made[];
  /** Why the last run gave nothing; null where it gave something. */
  readonly failure: string | null;
}

const NONE: AppRuns = { open: [], share: null, made: [], failure: null };

/** Results that are kept. */
const MOST = 100;

export const useAppRuns = create<{ readonly runs: ReadonlyMap<string, AppRuns> }>(() => ({
  runs: new Map(),
}));

/** Return the runs of a document's app; drawn anew when they change. */
export const useRunsOf = (documentId: string): AppRuns =>
  useAppRuns(({ runs }) => runs.get(documentId) ?? NONE);

function amend(documentId: string, change: (before: AppRuns) => Partial<AppRuns>): void {
  useAppRuns.setState(({ runs }) => {
    const before = runs.get(documentId) ?? NONE;
    return { runs: new Map(runs).set(documentId, { ...before, ...change(before) }) };
  });
}

/** Run the workflow with the values that it has. */
export async function runApp(document: OpenDocument, values: Values): Promise<void> {
  amend(document.id, () => ({ failure: null }));
  const jobs = await runWorkflow(document);
  amend(document.id, ({ open }) => ({ open: [...open, ...jobs.map((job) => ({ job, values }))] }));
  for (const job of jobs) early.get(job)?.();
  early.clear();
}

/** What to do about jobs that were over before it was known that they are this app's. */
const early = new Map<string, () => void>();

/** Take in how the runs of a document go; returns the function that ends this. `outputs`: paths of the nodes shown. */
export function followApp(document: OpenDocument, outputs: () => readonly string[]): () => void {
  const { id } = document;
  const waiting = (job: string) =>
    useAppRuns
      .getState()
      .runs.get(id)
      ?.open.find((one) => one.job === job);
  const shown = new Map<string, Map<string, readonly OutputItem[]>>();
  const close = (job: string, failure: string | null) =>
    amend(id, ({ open }) => ({ open: open.filter((one) => one.job !== job), share: null, failure }));
  const finish = (job: string) => {
    const sent = waiting(job);
    if (!sent) return;
    const items = outputs().flatMap((path) => shown.get(job)?.get(path) ?? nodeRun(id, path).outputs);
    shown.delete(job);
    amend(id, ({ made }) => ({ made: [{ job, values: sent.values, items }, ...made].slice(0, MOST) }));
    close(job, null);
  };
  const whenKnown = (job: string, act: () => void) => {
    if (waiting(job)) act();
    else early.set(job, act);
  };
  const ends = [
    onEvent("job_progress", ({ prompt_id, percent }) => {
      if (waiting(prompt_id)) amend(id, () => ({ share: percent / 100 }));
    }),
    onEvent("executed", ({ prompt_id, display_node, output }) => {
      if (!output) return;
      const items = shown.get(prompt_id) ?? new Map();
      shown.set(prompt_id, items.set(display_node, outputItems(output)));
    }),
    onEvent("execution_success", ({ prompt_id }) => whenKnown(prompt_id, () => finish(prompt_id))),
    onEvent("execution_error", ({ prompt_id, exception_type, exception_message: why }) => {
      if (exception_type !== "ExecutionBlocked") whenKnown(prompt_id, () => close(prompt_id, why.trim()));
    }),
    onEvent("execution_interrupted", ({ prompt_id }) => whenKnown(prompt_id, () => close(prompt_id, null))),
  ];
  return () => {
    for (const end of ends) end();
  };
}
