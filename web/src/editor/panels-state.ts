/** Which panels are open at the sides, and how wide they are. */

import { create } from "zustand";
import { isPhone } from "@/ui/media";

/** An edge of the window that panels open at. */
export type Side = "left" | "right";

/** The edge that each panel opens at. */
export const PANEL_SIDES = {
  workflows: "left",
  templates: "left",
  gallery: "left",
  queue: "right",
  problems: "right",
  profiler: "right",
  sweep: "right",
  training: "right",
  app: "right",
  inspector: "right",
} as const satisfies Readonly<Record<string, Side>>;

/** Names a panel. */
export type PanelId = keyof typeof PANEL_SIDES;

interface OpenPanels {
  /** The panel that is open at each side; null where none is. */
  readonly left: PanelId | null;
  readonly right: PanelId | null;
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
    const { left, right, ...widths } = { ...FIRST, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };
    return { ...widths, left: known(left), right: known(right) };
  } catch {
    return FIRST;
  }
}

/** A panel of an older editor is left out. */
const known = (id: string | null): PanelId | null =>
  id !== null && Object.hasOwn(PANEL_SIDES, id) ? (id as PanelId) : null;

/** What is open now, and how wide; kept in the browser. */
export const useOpenPanels = create<OpenPanels>(kept);

useOpenPanels.subscribe((state) => localStorage.setItem(KEPT, JSON.stringify(state)));

/** Whether the panel is open. For use outside React. */
export function isPanelOpen(id: PanelId): boolean {
  const { left, right } = useOpenPanels.getState();
  return left === id || right === id;
}

/**
 * Open a panel at its side, in place of the one that is open there; on a phone, where one is shown at a time,
 * in place of any.
 */
export function openPanel(id: PanelId): void {
  const others = isPhone() ? { left: null, right: null } : {};
  useOpenPanels.setState({ ...others, [PANEL_SIDES[id]]: id });
}

/** Open a panel and put the keyboard into it. */
export function enterPanel(id: PanelId): void {
  openPanel(id);
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-panel="${id}"]`)?.focus());
}

/** Close the panel where it is open. */
export function closePanel(id: PanelId): void {
  if (isPanelOpen(id)) useOpenPanels.setState({ [PANEL_SIDES[id]]: null });
}

/** Open the panel, or close it where it is open. */
export function togglePanel(id: PanelId): void {
  if (isPanelOpen(id)) closePanel(id);
  else openPanel(id);
}

/** Set the width of a side's panel, in px, within the bounds. */
export function setPanelWidth(side: Side, width: number): void {
  const fitted = Math.round(Math.min(PANEL_WIDTH.max, Math.max(PANEL_WIDTH.min, width)));
  useOpenPanels.setState(side === "left" ? { leftWidth: fitted } : { rightWidth: fitted });
}
