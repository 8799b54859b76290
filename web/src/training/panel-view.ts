/** What the training panel shows of the runs. */

import { create } from "zustand";
import type { ChartLook } from "./chart-data";

interface PanelView {
  /** The run that the user chose; null: the one that trains, else the newest. */
  readonly chosen: string | null;
  /** Runs that it is compared with. */
  readonly compared: readonly string[];
  readonly look: ChartLook;
  /** The values are listed instead of drawn. */
  readonly table: boolean;
}

/** What the panel shows; it stays while the panel is closed. */
export const usePanelView = create<PanelView>(() => ({
  chosen: null,
  compared: [],
  look: { smoothing: 0.5, rates: false, logarithmic: false },
  table: false,
}));

/** Change how the curve is drawn. */
export function changeLook(change: Partial<ChartLook>): void {
  usePanelView.setState(({ look }) => ({ look: { ...look, ...change } }));
}

/** Add a run to those that are compared, or take it away. */
export function toggleCompared(name: string): void {
  usePanelView.setState(({ compared }) => ({
    compared: compared.includes(name) ? compared.filter((one) => one !== name) : [...compared, name],
  }));
}
