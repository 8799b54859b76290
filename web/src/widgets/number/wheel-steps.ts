/** Changing a number with the wheel while it has the focus. */

import { useRef, useState } from "react";

/** Switches the wheel of an element on and off. */
export interface WheelSteps {
  begin(element: HTMLElement): void;
  end(element: HTMLElement): void;
}

/**
 * Return what lets the wheel step a number, to be begun when the number gets the focus and ended when it
 * loses it: a wheel that was meant for the canvas changes nothing.
 */
export function useWheelSteps(onSteps: (steps: number) => void): WheelSteps {
  const latest = useRef(onSteps);
  latest.current = onSteps;
  const [steps] = useState<WheelSteps>(() => {
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      event.stopPropagation();
      const size = event.shiftKey ? 10 : event.altKey ? 0.1 : 1;
      latest.current((event.deltaY || event.deltaX) < 0 ? size : -size);
    };
    return {
      // React listens for wheels passively, and only a listener that is not can keep the page from scrolling.
      begin: (element) => element.addEventListener("wheel", turn, { passive: false }),
      end: (element) => element.removeEventListener("wheel", turn),
    };
  });
  return steps;
}
