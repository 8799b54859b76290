import { beforeEach, expect, test, vi } from "vitest";
import { PANEL_SIDES, type PanelId } from "@/editor/panels-state";
import { PANELS } from "@/panels/all";

const KEPT = "latentloom.panels";

/** Load the state anew, as a page that finds this in the browser. */
async function started(kept: object) {
  localStorage.setItem(KEPT, JSON.stringify(kept));
  vi.resetModules();
  return import("@/editor/panels-state");
}

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
});

test("every panel has a side, and no side is kept for a panel that is none", () => {
  expect(PANELS.map(({ id }) => id).sort()).toEqual((Object.keys(PANEL_SIDES) as PanelId[]).sort());
});

test("a panel that was open is open again; one that there is no more is not", async () => {
  const { useOpenPanels } = await started({ left: "gallery", right: "of-another-time", leftWidth: 400 });
  expect(useOpenPanels.getState()).toEqual({
    left: "gallery",
    right: null,
    leftWidth: 400,
    rightWidth: 340,
  });
});

test("a panel takes the place of the one at its side", async () => {
  const { closePanel, isPanelOpen, openPanel, togglePanel } = await started({});
  openPanel("queue");
  openPanel("workflows");
  togglePanel("inspector");
  expect([isPanelOpen("queue"), isPanelOpen("inspector"), isPanelOpen("workflows")]).toEqual([
    false,
    true,
    true,
  ]);
  closePanel("queue");
  expect(isPanelOpen("inspector")).toBe(true);
});
