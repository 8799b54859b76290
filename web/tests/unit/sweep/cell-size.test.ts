import { expect, test } from "vitest";
import { fittingSize, SIZE } from "@/sweep/cell-size";

test("a grid fills the window without leaving it, as far as cells may be large or small", () => {
  for (const [columns, rows] of [
    [3, 2],
    [2, 3],
    [6, 1],
    [1, 6],
  ] as const) {
    const side = fittingSize(columns, rows, 1440, 900);
    expect(side % SIZE.step).toBe(0);
    expect(side * columns).toBeLessThan(1440);
    expect(side * rows).toBeLessThan(900);
    expect(Math.max((side * columns) / 1440, (side * rows) / 900)).toBeGreaterThan(0.5);
  }
  expect(fittingSize(1, 1, 3000, 3000)).toBe(SIZE.max);
  expect(fittingSize(20, 20, 1440, 900)).toBe(SIZE.min);
  expect(fittingSize(3, 2, 390, 844)).toBe(SIZE.min);
  expect(fittingSize(0, 0, 1440, 900)).toBe(SIZE.max);
});
