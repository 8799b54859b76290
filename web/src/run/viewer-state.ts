/** What the large view of results shows. */

import { create } from "zustand";
import type { OutputItem } from "./outputs";

/** A result to look at, and the job that gave it where that is known. */
export interface ViewedItem extends OutputItem {
  readonly job?: string;
}

interface Viewer {
  readonly items: readonly ViewedItem[];
  /** Which one is shown; null while the view is closed. */
  readonly index: number | null;
  /** The one it is compared with; null while it is shown alone. */
  readonly other: number | null;
}

export const useViewer = create<Viewer>(() => ({ items: [], index: null, other: null }));

/** Show results large, beginning with one of them. */
export function openViewer(items: readonly ViewedItem[], index: number): void {
  if (items.length > 0) useViewer.setState({ items, index: Math.min(index, items.length - 1), other: null });
}

/** Close the large view. */
export function closeViewer(): void {
  useViewer.setState({ items: [], index: null, other: null });
}

/** Go so many results on, or back; it stops at the ends. */
export function stepViewer(by: number): void {
  useViewer.setState(({ items, index }) =>
    index === null ? {} : { index: Math.min(Math.max(index + by, 0), items.length - 1) },
  );
}
