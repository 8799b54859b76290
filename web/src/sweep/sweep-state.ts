/** The sweeps of open documents: a job for each cell, and what came of it. */

import { create } from "zustand";
import { type OutputItem, savedFirst } from "@/run/outputs";
import type { ResolvedAxis } from "./axis-values";
import type { Place } from "./cells";
import { keepSweep } from "./kept-sweeps";

/** `gone`: the server knows no such job, because it never came or because it was deleted. */
export type CellState = "waiting" | "running" | "done" | "failed" | "cancelled" | "gone";

/** One cell of the grid. */
export interface Cell {
  readonly job: string;
  readonly place: Place;
  readonly state: CellState;
  /** The server has taken the job. */
  readonly taken: boolean;
  /** What its nodes showed, by their paths. */
  readonly shown: Readonly<Record<string, readonly OutputItem[]>>;
  /** Why it failed; empty where it did not. */
  readonly message: string;
  /** When it began, in milliseconds since 1970 by the server's clock; null while it waits. */
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

/** The last sweep of each document, by ids of documents. */
export const useSweeps = create<{ readonly sweeps: ReadonlyMap<string, Sweep> }>(() => ({
  sweeps: new Map(),
}));

/** Return the last sweep of a document; drawn anew when it changes. */
export const useSweepOf = (documentId: string): Sweep | undefined =>
  useSweeps(({ sweeps }) => sweeps.get(documentId));

/** Return the last sweep of a document. For use outside React. */
export const sweepOf = (documentId: string): Sweep | undefined => useSweeps.getState().sweeps.get(documentId);

/** Return the results of a cell, saved ones before previews. */
export const resultsOf = (cell: Cell): readonly OutputItem[] => savedFirst(Object.values(cell.shown).flat());

/** Whether a cell is not over. */
export const isOpen = ({ state }: Cell): boolean => state === "waiting" || state === "running";

/** Return the cells that are not over. */
export const openCells = (sweep: Sweep): readonly Cell[] => sweep.cells.filter(isOpen);

/** Return the seconds that the open cells will take, to judge by those that are done; null while none is. */
export function secondsLeft(sweep: Sweep): number | null {
  const took = sweep.cells.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  if (took.length === 0) return null;
  return (took.reduce((sum, one) => sum + one, 0) / took.length) * openCells(sweep).length;
}

/** Return a cell whose job is not known to be anything but waiting. */
export const freshCell = (job: string, place: Place, taken: boolean): Cell => ({
  job,
  place,
  state: "waiting",
  taken,
  shown: {},
  message: "",
  began: null,
  seconds: null,
});

/** Show a sweep as the last one of its document. */
export function putSweep(documentId: string, sweep: Sweep): void {
  useSweeps.setState(({ sweeps }) => ({ sweeps: new Map(sweeps).set(documentId, sweep) }));
}

/** Change the cells of a sweep. */
export function amendCells(documentId: string, change: (cell: Cell) => Cell): void {
  const sweep = sweepOf(documentId);
  if (sweep) putSweep(documentId, { ...sweep, cells: sweep.cells.map(change) });
}

/** Change the cell of a job, where there is one. */
export function amendJob(job: string, change: (cell: Cell) => Partial<Cell>): void {
  for (const [id, { cells }] of useSweeps.getState().sweeps) {
    if (!cells.some((cell) => cell.job === job)) continue;
    amendCells(id, (cell) => (cell.job === job ? { ...cell, ...change(cell) } : cell));
  }
}

/** Mark a cell as one of the best, or no more. */
export function toggleBest(documentId: string, job: string): void {
  const sweep = sweepOf(documentId);
  if (!sweep) return;
  const best = new Set(sweep.best);
  if (!best.delete(job)) best.add(job);
  putSweep(documentId, { ...sweep, best });
  keepSweep(documentId, { ...sweep, best });
}
