/** Moves the view, wherever the pointer is pressed. */

import { panBy } from "../camera";
import type { Gesture, Press } from "./gesture";

/** Begin to move the view along with the pointer. */
export function panView(from: Press): Gesture {
  let last = from.screen;
  return {
    steady: true,
    move: ({ screen }) => {
      panBy(screen[0] - last[0], screen[1] - last[1]);
      last = screen;
    },
    end: () => undefined,
    click: () => undefined,
    cancel: () => undefined,
  };
}
