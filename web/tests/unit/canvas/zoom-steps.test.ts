import { afterEach, expect, test, vi } from "vitest";
import { bindStage, reportSize, reportView, zoomBy } from "@/canvas/camera";
import type { View } from "@/geometry/view";

afterEach(() => {
  bindStage(null);
  vi.unstubAllGlobals();
});

test("steps of zoom that follow each other quickly add up, though the view glides to each", () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  const views: View[] = [];
  bindStage({ element: document.body, move: (view) => void views.push(view) });
  reportSize(800, 600);
  reportView({ x: 0, y: 0, zoom: 1 });
  zoomBy(0.5);
  // The view is on its way: it has not come to where the first step leads.
  reportView({ x: 10, y: 8, zoom: 0.97 });
  zoomBy(0.5);
  expect(views.map(({ zoom }) => zoom)).toEqual([0.5, 0.25]);
});
