/** What the large view of results shows. */

import { create } from "zustand";
import type { OutputItem } from "./outputs";

/** A result to look at, and where it is from as far as that is known. */
export interface ViewedItem extends OutputItem {
  /** Id of the job that gave it. */
  readonly job?: string;
  /** Path of the node that gave it. */
  readonly node?: string;
  /** What the workflow was called. */
  readonly title?: string;
  /** When the job was over, in milliseconds since 1970. */
  readonly ended?: number;
}

interface Viewer {
  readonly items: readonly ViewedItem[];
  /** Which one is shown; null while the view is closed. */
  readonly index: number | null;
  /** The one it is compared with; null while it is shown alone. */
  readonly other: number | null;
  /** Whether the two that are compared stand side by side; else one lies over the other. */
  readonly side: boolean;
}

const CLOSED = { items: [], index: null, other: null };

/** The results that are looked at large; `index` is null while none is. */
export const useViewer = create<Viewer>(() => ({ ...CLOSED, side: false }));

/** Show results large, beginning with one of them. */
export function openViewer(items: readonly ViewedItem[], index: number): void {
  if (items.length > 0) useViewer.setState({ items, index: Math.min(index, items.length - 1), other: null });
}

/** Close the large view. */
export function closeViewer(): void {
  useViewer.setState(CLOSED);
}

/** Go so many results on, or back; it stops at the ends. */
export function stepViewer(by: number): void {
  useViewer.setState(({ items, index }) =>
    index === null ? {} : { index: Math.min(Math.max(index + by, 0), items.length - 1) },
  );
}

/** Compare the result with the one after it, before it where it is the last; or compare no more. */
export function toggleComparison(): void {
  useViewer.setState(({ items, index, other }) => {
    if (index === null || items.length < 2 || other !== null) return { other: null };
    return { other: index + 1 < items.length ? index + 1 : index - 1 };
  });
}
