/** Which kinds of nodes the user takes often, took last, and marked; kept in this browser. */

import { create } from "zustand";

interface NodeUsage {
  /** How often each kind was chosen. */
  readonly counts: Readonly<Record<string, number>>;
  /** The kinds that were chosen last, the latest first. */
  readonly recent: readonly string[];
  readonly favourites: readonly string[];
}

const KEPT = "latentloom.node-usage";
const MOST_RECENT = 6;
const NONE: NodeUsage = { counts: {}, recent: [], favourites: [] };

function kept(): NodeUsage {
  try {
    return { ...NONE, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return NONE;
  }
}

/** How often and how lately kinds of nodes were chosen; kept in the browser. */
export const useNodeUsage = create<NodeUsage>(kept);

useNodeUsage.subscribe((usage) => localStorage.setItem(KEPT, JSON.stringify(usage)));

/** Count that a kind of node was chosen. */
export function noteChosen(type: string): void {
  useNodeUsage.setState(({ counts, recent }) => ({
    counts: { ...counts, [type]: (counts[type] ?? 0) + 1 },
    recent: [type, ...recent.filter((one) => one !== type)].slice(0, MOST_RECENT),
  }));
}

/** Mark a kind of node as a favourite, or take the mark away. */
export function toggleFavourite(type: string): void {
  useNodeUsage.setState(({ favourites }) => ({
    favourites: favourites.includes(type) ? favourites.filter((one) => one !== type) : [...favourites, type],
  }));
}
