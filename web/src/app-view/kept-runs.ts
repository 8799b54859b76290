/** The runs of an app in this browser, so that they are there again when the page is: phones close pages. */

import { parseExact, stringifyExact } from "@/document/exact-json";
import { isObject, type Json } from "@/document/records";
import type { OutputItem } from "@/run/outputs";
import { type AppRuns, type Made, NO_RUNS, type Sent } from "./runs-state";
import type { Values } from "./shared-values";

/** Results that are kept for each app. */
const MOST = 30;

const keyOf = (app: string): string => `latentloom.app-runs.${app}`;

/** Keep the runs of an app; `app` is its name in addresses. */
export function keepRuns(app: string, { open, made }: AppRuns): void {
  if (open.length + made.length === 0) {
    localStorage.removeItem(keyOf(app));
    return;
  }
  const kept = { open, made: made.slice(0, MOST) };
  try {
    localStorage.setItem(keyOf(app), stringifyExact(kept as unknown as Json));
  } catch {
    // The browser has no room: the runs are there as long as the page is.
  }
}

/** Return the runs of an app as they were kept; none where nothing was, or what was cannot be read. */
export function keptRuns(app: string): AppRuns {
  try {
    const kept = parseExact(localStorage.getItem(keyOf(app)) ?? "{}");
    if (!isObject(kept)) return NO_RUNS;
    return { ...NO_RUNS, open: listOf(kept.open).flatMap(sentOf), made: listOf(kept.made).flatMap(madeOf) };
  } catch {
    return NO_RUNS;
  }
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function sentOf(entry: Json): Sent[] {
  if (!isObject(entry) || typeof entry.job !== "string" || !isObject(entry.values)) return [];
  return [{ job: entry.job, values: entry.values as Values }];
}

function madeOf(entry: Json): Made[] {
  const items = isObject(entry) ? listOf(entry.items).filter(isObject) : [];
  return sentOf(entry).map((sent) => ({ ...sent, items: items as unknown as readonly OutputItem[] }));
}
