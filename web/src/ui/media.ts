/** What the window is like, as React state. */

import { useSyncExternalStore } from "react";

/** The width up to which the layout of phones is used. */
const PHONE = "(max-width: 640px)";

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
  );
}

/** Whether the window is as narrow as a phone's: 640 px or less. For use outside React. */
export const isPhone = (): boolean => matchMedia(PHONE).matches;

/** Whether the window is as narrow as a phone's: 640 px or less. */
export const useIsPhone = (): boolean => useMedia(PHONE);

/** Whether the main pointer is a finger. */
export const useIsTouch = (): boolean => useMedia("(pointer: coarse)");

/** Whether the system is set to light colours. */
export const useSystemLight = (): boolean => useMedia("(prefers-color-scheme: light)");
