/** Gives the focus back when a window closes. */

import { useState } from "react";

/**
 * Return the handler for `onCloseAutoFocus` of a window that no button of its own opens: what had the focus
 * when the window came up gets it back; the canvas, where that is gone. Whatever took the focus by itself
 * meanwhile, such as a node that was gone to, keeps it.
 */
export function useFocusReturn(): (event: Event) => void {
  const [before] = useState(() => document.activeElement);
  return (event) => {
    event.preventDefault();
    if (document.activeElement && document.activeElement !== document.body) return;
    const here = before instanceof HTMLElement && before.isConnected && before !== document.body;
    const target = here ? before : document.getElementById("canvas");
    target?.focus({ preventScroll: true });
  };
}
