/** What is known of the runs of apps: those under way, and what came of those that are over. */

import { create } from "zustand";
import type { OutputItem } from "@/run/outputs";
import type { Values } from "./shared-values";

/** A run that waits or is under way. */
export interface Sent {
  readonly job: string;
  /** What the fields had when it was sent. */
  readonly values: Values;
}

/** What came of one run. */
export interface Made extends Sent {
  readonly items: readonly OutputItem[];
}

/** What the runs of one app came to in this browser. */
export interface AppRuns {
  /** In the order in which they were sent. */
  readonly open: readonly Sent[];
  /** The newest first. */
  readonly made: readonly Made[];
  /** Why the last run gave nothing; null where it gave something. */
  readonly failure: string | null;
}

/** What there is before the first run. */
export const NO_RUNS: AppRuns = { open: [], made: [], failure: null };

/** Results that are kept. */
const MOST = 100;

/** By ids of documents. */
export const useAppRuns = create<{ readonly runs: ReadonlyMap<string, AppRuns> }>(() => ({
  runs: new Map(),
}));

/** Return the runs of a document's app. For use outside React. */
export const appRuns = (documentId: string): AppRuns => useAppRuns.getState().runs.get(documentId) ?? NO_RUNS;

/** Return the runs of a document's app; drawn anew when they change. */
export const useRunsOf = (documentId: string): AppRuns =>
  useAppRuns(({ runs }) => runs.get(documentId) ?? NO_RUNS);

/** Change what is known of the runs of a document's app. */
export function amendRunsOf(documentId: string, change: (before: AppRuns) => Partial<AppRuns>): void {
  useAppRuns.setState(({ runs }) => {
    const before = runs.get(documentId) ?? NO_RUNS;
    return { runs: new Map(runs).set(documentId, { ...before, ...change(before) }) };
  });
}

/** A run is over and gave something. */
export function noteMade(documentId: string, made: Made): void {
  amendRunsOf(documentId, (before) => ({
    open: before.open.filter(({ job }) => job !== made.job),
    made: [made, ...before.made.filter(({ job }) => job !== made.job)].slice(0, MOST),
    failure: null,
  }));
}

/** A run is over and gave nothing; `failure` says why, null where the user wanted that. */
export function noteEnd(documentId: string, ended: string, failure: string | null): void {
  amendRunsOf(documentId, ({ open }) => ({ open: open.filter(({ job }) => job !== ended), failure }));
}
