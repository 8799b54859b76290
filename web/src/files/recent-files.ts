/** The workflows that were opened or saved last in this browser. */

import { create } from "zustand";

const KEPT = "latentloom.recent";
const MOST = 12;

interface RecentFiles {
  /** Paths, the last one first. */
  readonly paths: readonly string[];
}

function kept(): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(value) ? value.filter((path) => typeof path === "string") : [];
  } catch {
    return [];
  }
}

/** Paths of the files that were opened or saved last, newest first; kept in the browser. */
export const useRecentFiles = create<RecentFiles>(() => ({ paths: kept() }));

/** Put a path first. */
export function rememberRecent(path: string): void {
  change((paths) => [path, ...paths.filter((one) => one !== path)]);
}

/** Take a path away, or put another in its place. */
export function replaceRecent(path: string, by: string | null): void {
  change((paths) => paths.flatMap((one) => (one === path ? (by ?? []) : one)));
}

function change(changed: (paths: readonly string[]) => readonly string[]): void {
  const paths = changed(useRecentFiles.getState().paths).slice(0, MOST);
  localStorage.setItem(KEPT, JSON.stringify(paths));
  useRecentFiles.setState({ paths });
}
