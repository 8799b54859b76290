/** What screen readers say without the focus moving. */

import { create } from "zustand";

/** The sentence that is said now; `turn` counts, so that one sentence can be said twice. */
export const useAnnouncement = create<{ readonly text: string; readonly turn: number }>(() => ({
  text: "",
  turn: 0,
}));

/** Have screen readers say one sentence when they have said what they are saying. */
export function announce(text: string): void {
  useAnnouncement.setState(({ turn }) => ({ text, turn: turn + 1 }));
}
