/** The sockets that the wire being drawn can end at. */

import { create } from "zustand";
import type { Target } from "./joining";

/** The sockets at which the wire being drawn can end; empty while none is drawn. */
export const useWiringTargets = create<{ readonly targets: readonly Target[] }>(() => ({ targets: [] }));

/** Say which sockets the wire being drawn can end at. */
export function setTargets(targets: readonly Target[]): void {
  if (useWiringTargets.getState().targets !== targets) useWiringTargets.setState({ targets });
}
