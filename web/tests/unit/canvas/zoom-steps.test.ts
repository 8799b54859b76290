import { afterEach, expect, test, vi } from "vitest";
import { bindStage, reportSize, reportView, zoomBy } from "@/canvas/camera";
import type { View } from "@/geometry/view";

afterEach(() => {
  bindStage(null);
  vi.unstubAllGlobals();
});

test("steps of zoom that follow each other quickly add up, and only the first one glides", () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  const moves: { zoom: number; glides: boolean }[] = [];
  const move = ({ zoom }: View, duration: number) => void moves.push({ zoom, glides: duration > 0 });
  bindStage({ element: document.body, move });
  reportSize(800, 600);
  reportView({ x: 0, y: 0, zoom: 1 });
  zoomBy(0.5);
  // The view is on its way: it has not come to where the first step leads.
  reportView({ x: 10, y: 8, zoom: 0.97 });
  zoomBy(0.5);
  zoomBy(2);
  expect(moves).toEqual([
    { zoom: 0.5, glides: true },
    { zoom: 0.25, glides: false },
    { zoom: 0.5, glides: false },
  ]);
});
