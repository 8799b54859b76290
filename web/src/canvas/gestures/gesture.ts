/** What a press of the pointer turns into. */

import type { Point } from "@/document/records";

/** A pointer that is held down, as gestures see it. */
export interface Press {
  /** Where it is on the canvas. */
  readonly at: Point;
  /** Where it is in the window. */
  readonly screen: Point;
  readonly shift: boolean;
  readonly alt: boolean;
  /** Ctrl, or Command on a Mac. */
  readonly mod: boolean;
  readonly touch: boolean;
}

/** Something that goes on while the pointer is held down. */
export interface Gesture {
  /** The view does not move by itself while the pointer is near the edge. */
  readonly steady?: boolean;
  /** The pointer was moved; the first call comes once it was moved far enough to mean it. */
  move(press: Press): void;
  /** The pointer was let go after moving. */
  end(press: Press): void;
  /** The pointer was let go where it was pressed. */
  click?(press: Press): void;
  /** Put everything back. */
  cancel(): void;
}
