import { expect, test } from "vitest";
import { cornerOf, gridLayout } from "@/sweep/export-grid";

test("cells stand beside each other without overlap, pages below each other", () => {
  const layout = gridLayout([3, 2, 2], [64, 48], 100);
  expect(layout.cell).toEqual([64, 48]);
  const [x, y] = cornerOf(layout, [0, 0, 0]);
  expect(x).toBe(100);
  expect(cornerOf(layout, [1, 0, 0])[0] - x).toBeGreaterThanOrEqual(64);
  expect(cornerOf(layout, [0, 1, 0])[1] - y).toBeGreaterThanOrEqual(48);
  const [, below] = cornerOf(layout, [0, 0, 1]);
  expect(below).toBeGreaterThan(cornerOf(layout, [0, 1, 0])[1] + 48);
  expect(cornerOf(layout, [2, 1, 1])[1] + 48).toBeLessThanOrEqual(layout.height);
});

test("large pictures and many cells become smaller until a browser can draw them", () => {
  expect(gridLayout([1, 1, 1], [2048, 1024], 0).cell).toEqual([512, 256]);
  const many = gridLayout([100, 4, 1], [512, 512], 100);
  expect(many.width).toBeLessThan(17_000);
});
