import { expect, test } from "vitest";
import { fitted, kept, zoomed } from "@/run/picture-view";

const FRAME = { width: 800, height: 600 };

test("a picture is shown whole, small ones enlarged at most eight times", () => {
  expect(fitted({ width: 1600, height: 600 }, FRAME).zoom).toBe(0.5);
  expect(fitted({ width: 400, height: 300 }, FRAME).zoom).toBe(2);
  expect(fitted({ width: 8, height: 8 }, FRAME).zoom).toBe(8);
  expect(fitted({ width: 0, height: 0 }, FRAME).zoom).toBe(1);
});

test("the point under the pointer stays in its place while zooming", () => {
  const before = { x: 30, y: -10, zoom: 1 };
  const at = { x: 130, y: 90 };
  const after = zoomed(before, 2, at, 0.1);
  const point = (view: typeof before) => [(at.x - view.x) / view.zoom, (at.y - view.y) / view.zoom];
  expect(after.zoom).toBe(2);
  expect(point(after)).toEqual(point(before));
});

test("zooming ends at sixteen times and at the smallest that is allowed", () => {
  expect(zoomed({ x: 0, y: 0, zoom: 10 }, 9, { x: 0, y: 0 }, 0.1).zoom).toBe(16);
  expect(zoomed({ x: 0, y: 0, zoom: 1 }, 0.01, { x: 0, y: 0 }, 0.25).zoom).toBe(0.25);
});

test("a picture cannot be lost: what is smaller than the frame stays in the middle, what is larger fills it", () => {
  expect(kept({ x: 500, y: 500, zoom: 1 }, { width: 100, height: 100 }, FRAME)).toEqual({
    x: 0,
    y: 0,
    zoom: 1,
  });
  expect(kept({ x: 500, y: -500, zoom: 1 }, { width: 1000, height: 700 }, FRAME)).toEqual({
    x: 100,
    y: -50,
    zoom: 1,
  });
});
