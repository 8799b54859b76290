/** Sweeps under way: a job for each cell, and what came of it. */

import { create } from "zustand";
import { newUuid } from "@/document/uuid";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import { watchLiveJobs } from "@/run/live-jobs";
import { type OutputItem, outputItems } from "@/run/outputs";
import { fetchJson, ServerError } from "@/server/api";
import { clientId } from "@/server/client-id";
import { onEvent } from "@/server/events";
import { followJob, unfollowJob } from "@/server/following";
import { toast } from "@/ui/toast";
import type { ResolvedAxis } from "./axis-values";
import { type Place, places, workflowOf } from "./cells";

export type CellState = "waiting" | "running" | "done" | "failed" | "cancelled";

/** One cell of the grid. */
export interface Cell {
  readonly job: string;
  readonly place: Place;
  readonly state: CellState;
  /** What its nodes showed, by their paths. */
  readonly shown: Readonly<Record<string, readonly OutputItem[]>>;
  /** Why it failed; empty where it did not. */
  readonly message: string;
  /** When it began, in milliseconds since 1970; null while it waits. */
  readonly began: number | null;
  readonly seconds: number | null;
}

/** A sweep as it was started. */
export interface Sweep {
  readonly axes: readonly ResolvedAxis[];
  readonly cells: readonly Cell[];
  /** Jobs of the cells that the user marked as the best. */
  readonly best: ReadonlySet<string>;
}

export const useSweeps = create<{ readonly sweeps: ReadonlyMap<string, Sweep> }>(() => ({
  sweeps: new Map(),
}));

/** Return the last sweep of a document; drawn anew when it changes. */
export const useSweepOf = (documentId: string): Sweep | undefined =>
  useSweeps(({ sweeps }) => sweeps.get(documentId));

/** Return the results of a cell, saved ones before previews. */
export function resultsOf(cell: Cell): readonly OutputItem[] {
  const items = Object.values(cell.shown).flat();
  return [...items.filter(({ type }) => type === "output"), ...items.filter(({ type }) => type !== "output")];
}

const isOpen = ({ state }: Cell): boolean => state === "waiting" || state === "running";

/** Return the cells that are not over. */
export const openCells = (sweep: Sweep): readonly Cell[] => sweep.cells.filter(isOpen);

/** Return the seconds that the open cells will take, to judge by those that are done; null while none is. */
export function secondsLeft(sweep: Sweep): number | null {
  const took = sweep.cells.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  if (took.length === 0) return null;
  return (took.reduce((sum, one) => sum + one, 0) / took.length) * openCells(sweep).length;
}

function amend(documentId: string, change: (sweep: Sweep) => Sweep): void {
  useSweeps.setState(({ sweeps }) => {
    const sweep = sweeps.get(documentId);
    return sweep ? { sweeps: new Map(sweeps).set(documentId, change(sweep)) } : {};
  });
}

function amendJob(job: string, change: (cell: Cell) => Partial<Cell>): void {
  const { sweeps } = useSweeps.getState();
  for (const [id, { cells }] of sweeps) {
    if (!cells.some((cell) => cell.job === job)) continue;
    amend(id, (sweep) => ({
      ...sweep,
      cells: sweep.cells.map((cell) => (cell.job === job ? { ...cell, ...change(cell) } : cell)),
    }));
  }
}

/** Send a job for each cell; the document stays as it is. A sweep that is still open is cancelled first. */
export async function startSweep(document: OpenDocument, axes: readonly ResolvedAxis[]): Promise<void> {
  watchSweeps();
  watchLiveJobs();
  await cancelSweep(document.id);
  const cells = places(axes).map(freshCell);
  const sweep: Sweep = { axes, cells, best: new Set() };
  useSweeps.setState(({ sweeps }) => ({ sweeps: new Map(sweeps).set(document.id, sweep) }));
  const records = new Map(document.store.records);
  const client = await clientId();
  for (const { job, place } of cells) {
    if (useSweeps.getState().sweeps.get(document.id)?.axes !== axes) return;
    if (!isWaiting(document.id, job)) continue;
    followJob(job);
    const request = {
      prompt: workflowOf(records, axes, place),
      prompt_id: job,
      client_id: client,
      extra_data: { workflow_title: text("sweep.title-of", { title: document.title }) },
    };
    try {
      await fetchJson("/prompt", { json: request });
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      refuse(document.id, job, error);
      if (error.status === 0) return;
    }
  }
}

const freshCell = (place: Place): Cell => ({
  job: newUuid(),
  place,
  state: "waiting",
  shown: {},
  message: "",
  began: null,
  seconds: null,
});

const isWaiting = (documentId: string, job: string): boolean =>
  useSweeps
    .getState()
    .sweeps.get(documentId)
    ?.cells.find((cell) => cell.job === job)?.state === "waiting";

/** A cell that the server refuses has failed; without a server the rest has too. */
function refuse(documentId: string, job: string, error: ServerError): void {
  unfollowJob(job);
  const message = [error.message, error.details].filter(Boolean).join(": ");
  amendJob(job, () => ({ state: "failed", message }));
  if (error.status !== 0) return;
  toast({ text: error.message, kind: "error", key: "sweep" });
  amend(documentId, (sweep) => ({
    ...sweep,
    cells: sweep.cells.map((cell) =>
      cell.state === "waiting" ? { ...cell, state: "failed", message } : cell,
    ),
  }));
}

/** Take away the cells that wait, and stop the one that runs. */
export async function cancelSweep(documentId: string): Promise<void> {
  const sweep = useSweeps.getState().sweeps.get(documentId);
  const jobs = sweep ? openCells(sweep).map(({ job }) => job) : [];
  if (jobs.length === 0) return;
  for (const job of jobs) amendJob(job, () => ({ state: "cancelled" }));
  try {
    await fetchJson("/jobs/cancel", { json: { job_ids: jobs } });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    toast({ text: error.message, kind: "error", key: "sweep" });
  }
}

/** Mark a cell as one of the best, or no more. */
export function toggleBest(documentId: string, job: string): void {
  amend(documentId, (sweep) => {
    const best = new Set(sweep.best);
    if (!best.delete(job)) best.add(job);
    return { ...sweep, best };
  });
}

let watching = false;

function watchSweeps(): void {
  if (watching) return;
  watching = true;
  onEvent("execution_start", ({ prompt_id }) =>
    amendJob(prompt_id, () => ({ state: "running", began: Date.now() })),
  );
  onEvent("executed", ({ prompt_id, display_node, output }) => {
    if (output)
      amendJob(prompt_id, ({ shown }) => ({ shown: { ...shown, [display_node]: outputItems(output) } }));
  });
  onEvent("execution_success", ({ prompt_id }) =>
    amendJob(prompt_id, ({ began }) => ({
      state: "done",
      seconds: began === null ? 0 : (Date.now() - began) / 1000,
    })),
  );
  onEvent("execution_error", ({ prompt_id, exception_type, exception_message }) => {
    if (exception_type === "ExecutionBlocked") return;
    amendJob(prompt_id, () => ({ state: "failed", message: exception_message.trim() }));
  });
  onEvent("execution_interrupted", ({ prompt_id }) => amendJob(prompt_id, () => ({ state: "cancelled" })));
}
