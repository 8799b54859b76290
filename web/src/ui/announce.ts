/** What screen readers say without the focus moving. */

import { create } from "zustand";

export const useAnnouncement = create<{ readonly text: string; readonly turn: number }>(() => ({
  text: "",
  turn: 0,
}));

/** Have screen readers say one sentence when they have said what they are saying. */
export function announce(text: string): void {
  useAnnouncement.setState(({ turn }) => ({ text, turn: turn + 1 }));
}
