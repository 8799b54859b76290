/**
 * The last sweep of each document, kept in this browser as the ids of its jobs and the values of its axes, so that
 * the grid comes back when the page is loaded again. The results themselves are the server's.
 */

import { parseExact, stringifyExact } from "@/document/exact-json";
import { isObject, type Json } from "@/document/records";
import type { AxisValue } from "./axis-values";
import type { Sweep } from "./sweep-state";

/** An axis as it was when its sweep began. */
export interface KeptAxis {
  readonly path: string;
  readonly widget: string;
  readonly name: string;
  readonly values: readonly AxisValue[];
}

/** A sweep as the browser keeps it: enough to find its pictures on the server again. */
export interface KeptSweep {
  readonly axes: readonly KeptAxis[];
  /** Jobs of the cells, in the order of their places. */
  readonly jobs: readonly string[];
  readonly best: readonly string[];
}

const PREFIX = "latentloom.sweep.";
/** The sweeps of so many documents are kept; older ones go. */
const MOST = 12;

/** Keep the last sweep of a document. A browser that is out of space keeps none. */
export function keepSweep(documentId: string, { axes, cells, best }: Sweep): void {
  const kept = {
    at: Date.now(),
    axes: axes.map(({ axis, name, values }) => ({ path: axis.path, widget: axis.widget, name, values })),
    jobs: cells.map(({ job }) => job),
    best: [...best],
  };
  try {
    localStorage.setItem(PREFIX + documentId, stringifyExact(kept as unknown as Json));
  } catch {
    localStorage.removeItem(PREFIX + documentId);
  }
  dropOldest();
}

/** Return the last sweep of a document; undefined where none is kept. */
export function keptSweep(documentId: string): KeptSweep | undefined {
  const kept = read(PREFIX + documentId);
  if (!isObject(kept) || !Array.isArray(kept.axes)) return undefined;
  const axes = (kept.axes as readonly Json[]).flatMap(axisOf);
  const jobs = texts(kept.jobs);
  return axes.length > 0 && jobs.length > 0 ? { axes, jobs, best: texts(kept.best) } : undefined;
}

function axisOf(json: Json): KeptAxis[] {
  if (!isObject(json)) return [];
  const { path, widget, name, values } = json;
  if (typeof path !== "string" || typeof widget !== "string" || !Array.isArray(values)) return [];
  const found = (values as readonly Json[]).flatMap((one): AxisValue[] =>
    isObject(one) && one.value !== undefined ? [{ value: one.value, label: String(one.label) }] : [],
  );
  return [{ path, widget, name: typeof name === "string" ? name : widget, values: found }];
}

const texts = (json: Json | undefined): string[] =>
  Array.isArray(json)
    ? (json as readonly Json[]).filter((one): one is string => typeof one === "string")
    : [];

function read(key: string): Json {
  try {
    return parseExact(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function dropOldest(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const age = (key: string): number => {
    const kept = read(key);
    return isObject(kept) && typeof kept.at === "number" ? kept.at : 0;
  };
  const newest = keys.sort((one, other) => age(other) - age(one));
  for (const key of newest.slice(MOST)) localStorage.removeItem(key);
}
