/** The results of jobs that are over. */

import { isObject, type JsonObject } from "@/document/records";
import { fetchJson } from "@/server/api";
import { viewUrl } from "@/server/uploads";
import type { Job } from "./jobs";
import { type OutputItem, outputItems, savedFirst } from "./outputs";
import type { ViewedItem } from "./viewer-state";

/** Return everything that a job has shown, its saved results before its previews. Throws a ServerError. */
export async function jobResults(job: Job): Promise<readonly ViewedItem[]> {
  const { id, title, execution_end_time: ended } = job;
  const { outputs } = await fetchJson<{ outputs?: JsonObject }>(`/jobs/${id}`);
  const items = Object.entries(outputs ?? {}).flatMap(([node, shown]) =>
    isObject(shown) ? outputItems(shown).map((item) => ({ ...item, node })) : [],
  );
  const facts = { job: id, ...(title && { title }), ...(ended !== undefined && { ended }) };
  return savedFirst(items).map((item) => ({ ...item, ...facts }));
}

/** Return the one result of a job that lists show; null where it has none. */
export function firstResult({ preview_output: shown }: Job): OutputItem | null {
  if (!shown) return null;
  const text = typeof shown.content === "string" ? [shown.content] : undefined;
  return outputItems(text ? { text } : { images: [shown] })[0] ?? null;
}

/** Return the address of a small version of a picture. */
export const thumbnailOf = ({ filename, subfolder, type }: OutputItem): string =>
  viewUrl({ filename, subfolder, type }, 256);
