/** Training runs on the server: their curves, their pictures, their weights. */

import type { JsonObject } from "@/document/records";
import { apiUrl, fetchJson } from "@/server/api";

/** A file of weights that a run has written. */
export interface Result {
  readonly file: string;
  /** `raw`, or `ema` for averaged ones. */
  readonly weights: string;
  /** Steps after which they were written. */
  readonly step: number;
  readonly bytes: number;
}

/** A run in short. */
export interface TrainingRun {
  /** Of its folder; also its identity. */
  readonly name: string;
  /** What was trained: `lora`, `full`, `vae`. */
  readonly method: string;
  /** So many steps are in its curve. */
  readonly steps: number;
  readonly loss: number | null;
  /** When its curve last grew, in seconds since 1970. */
  readonly changed: number;
  readonly results: readonly Result[];
}

/** The pictures that were drawn after one step: names of files by weights, in the order of the prompts. */
export interface Sample {
  readonly step: number;
  readonly pictures: Readonly<Record<string, readonly string[]>>;
}

/** How a run went, from some byte of its curve on. */
export interface CoursePart {
  readonly run: TrainingRun;
  readonly about: JsonObject;
  /** Where the points begin; 0 where the curve begins anew. */
  readonly start: number;
  /** What to ask for next time. */
  readonly next: number;
  readonly step: readonly number[];
  readonly loss: readonly number[];
  readonly rate: readonly number[];
  readonly prompts: readonly string[];
  readonly samples: readonly Sample[];
}

/** Return the runs there are, the newest first. Throws a ServerError. */
export const fetchRuns = (): Promise<readonly TrainingRun[]> => fetchJson("/runs");

/** Return how a run went; `start` is `next` of the part before. Throws a ServerError. */
export const fetchCourse = (run: string, start: number): Promise<CoursePart> =>
  fetchJson(`/runs/${encodeURIComponent(run)}?start=${start}`);

/** Return the address of a picture of a run. */
export const pictureUrl = (run: string, file: string): string =>
  apiUrl(`/runs/${encodeURIComponent(run)}/previews/${encodeURIComponent(file)}`);

/** Return the address of a file of weights. */
export const resultUrl = (run: string, file: string): string =>
  apiUrl(`/runs/${encodeURIComponent(run)}/results/${encodeURIComponent(file)}`);

/** What a training node may be asked for; it obeys after the step that it is in. */
export type TrainingAction = "pause" | "resume" | "save" | "stop" | "sample";

/** Ask something of a node that trains. Throws a ServerError whose message says why nobody takes it. */
export const askNode = (job: string, node: string, action: TrainingAction): Promise<void> =>
  fetchJson(`/jobs/${encodeURIComponent(job)}/control`, { json: { node, action } });
