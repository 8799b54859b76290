/** The results of all jobs, the newest first, as far as they were asked for. */

import { create } from "zustand";
import { isObject, type Json } from "@/document/records";
import { fetchJson, ServerError } from "@/server/api";
import { useJobs } from "./jobs";
import { outputItems } from "./outputs";
import type { ViewedItem } from "./viewer-state";

interface Results {
  readonly query: string;
  readonly items: readonly ViewedItem[];
  /** Where the next part begins; null where all are here. */
  readonly next: number | null;
  readonly loading: boolean;
  readonly error: string | null;
}

/** The pages of the history that the gallery has loaded, newest first. */
export const useResults = create<Results>(() => ({
  query: "",
  items: [],
  next: 0,
  loading: false,
  error: null,
}));

/** A result as the server lists it. */
interface Shown {
  readonly job: string;
  readonly node: string;
  readonly kind: string;
  readonly item: Json;
  readonly ended: number;
  readonly title: string | null;
}

const JOBS = 60;

/** Counts what is asked: only the answer to the last question counts, since each replaces or goes on from another list. */
let turn = 0;

/** Look for results anew: those whose workflow or title has all words of the query. */
export function searchResults(query: string): void {
  useResults.setState({ query, next: 0 });
  void load(0);
}

/** Ask for the next part. */
export async function loadMoreResults(): Promise<void> {
  const { next, loading } = useResults.getState();
  if (next !== null && !loading) await load(next);
}

/** Keep the results up to date while they are shown; returns the function that ends this. */
export function watchResults(): () => void {
  searchResults(useResults.getState().query);
  return useJobs.subscribe(({ overCount, over }, before) => {
    if (overCount !== before.overCount || over[0]?.id !== before.over[0]?.id) void load(0);
  });
}

async function load(offset: number): Promise<void> {
  const { query } = useResults.getState();
  turn += 1;
  const own = turn;
  useResults.setState({ loading: true });
  try {
    const words = encodeURIComponent(query);
    const page = await fetchJson<{ results: readonly Shown[]; next: number | null }>(
      `/results?query=${words}&limit=${JOBS}&offset=${offset}`,
    );
    if (own !== turn) return;
    const fresh = page.results.flatMap(viewed);
    const known = new Set(offset === 0 ? [] : useResults.getState().items.map(({ job }) => job));
    useResults.setState(({ items }) => ({
      items: [...(offset === 0 ? [] : items), ...fresh.filter(({ job }) => !known.has(job))],
      next: page.next,
      loading: false,
      error: null,
    }));
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    if (own !== turn) return;
    useResults.setState({ loading: false, error: error.message });
  }
}

function viewed({ job, node, kind, item, ended, title }: Shown): readonly ViewedItem[] {
  const output = isObject(item) ? { [kind]: [item] } : { text: [item] };
  return outputItems(output).map((one) => ({ ...one, job, node, ended, ...(title !== null && { title }) }));
}
