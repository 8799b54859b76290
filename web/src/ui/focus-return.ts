/** Gives the focus back when a window closes. */

import { useState } from "react";

/**
 * Return the handler for `onCloseAutoFocus` of a window that no button of its own opens: what had the focus
 * when the window came up gets it back; the canvas, where that is gone.
 */
export function useFocusReturn(): (event: Event) => void {
  const [before] = useState(() => document.activeElement);
  return (event) => {
    event.preventDefault();
    const here = before instanceof HTMLElement && before.isConnected && before !== document.body;
    const target = here ? before : document.getElementById("canvas");
    target?.focus({ preventScroll: true });
  };
}
