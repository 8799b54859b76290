/** Which panels are open at the sides, and how wide they are. */

import { create } from "zustand";
import { PANELS } from "@/panels/all";
import { isPhone } from "@/ui/media";

export type Side = "left" | "right";

interface OpenPanels {
  /** Id of the panel that is open at each side; null where none is. */
  readonly left: string | null;
  readonly right: string | null;
  /** Width of each side's panel in px. */
  readonly leftWidth: number;
  readonly rightWidth: number;
}

const KEPT = "latentloom.panels";
const FIRST: OpenPanels = { left: null, right: null, leftWidth: 320, rightWidth: 340 };

/** The narrowest and the widest that a panel can be made, in px. */
export const PANEL_WIDTH = { min: 240, max: 640 } as const;

function kept(): OpenPanels {
  try {
    return { ...FIRST, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return FIRST;
  }
}

export const useOpenPanels = create<OpenPanels>(kept);

useOpenPanels.subscribe((state) => localStorage.setItem(KEPT, JSON.stringify(state)));

const sideOf = (id: string): Side | undefined => PANELS.find((panel) => panel.id === id)?.side;

/** Whether the panel is open. For use outside React. */
export function isPanelOpen(id: string): boolean {
  const { left, right } = useOpenPanels.getState();
  return left === id || right === id;
}

/**
 * Open a panel at its side, in place of the one that is open there; on a phone, where one is shown at a time,
 * in place of any. An unknown id does nothing.
 */
export function openPanel(id: string): void {
  const side = sideOf(id);
  if (!side) return;
  const others = isPhone() ? { left: null, right: null } : {};
  useOpenPanels.setState({ ...others, [side]: id });
}

/** Close the panel where it is open. */
export function closePanel(id: string): void {
  const side = sideOf(id);
  if (side && isPanelOpen(id)) useOpenPanels.setState({ [side]: null });
}

/** Open the panel, or close it where it is open. */
export function togglePanel(id: string): void {
  if (isPanelOpen(id)) closePanel(id);
  else openPanel(id);
}

/** Set the width of a side's panel, in px, within the bounds. */
export function setPanelWidth(side: Side, width: number): void {
  const fitted = Math.round(Math.min(PANEL_WIDTH.max, Math.max(PANEL_WIDTH.min, width)));
  useOpenPanels.setState(side === "left" ? { leftWidth: fitted } : { rightWidth: fitted });
}
