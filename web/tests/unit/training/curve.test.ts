import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Curve,
  listedPoints,
  memoryFor,
  NO_CURVE,
  outline,
  shortNumber,
  smoothed,
  summaryOf,
  withPoints,
} from "@/training/curve";

const curve = (steps: readonly number[]): Curve => ({
  step: steps,
  loss: steps.map((step) => 1 / step),
  rate: steps.map(() => 0.001),
});

test("points that come in any parts make the same curve as all at once", () => {
  const parts = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }));
  fc.assert(
    fc.property(parts, (given) => {
      const sorted = given.map((steps) => curve(steps.toSorted((one, other) => one - other)));
      const whole = [...new Set(given.flat())].toSorted((one, other) => one - other);
      expect(sorted.reduce(withPoints, NO_CURVE)).toEqual(curve(whole));
    }),
  );
});

test("of two points at one step the new one counts", () => {
  const again = { step: [2], loss: [9], rate: [0.5] };
  const { step, loss, rate } = withPoints(curve([1, 2, 3]), again);
  expect([step, loss[1], rate[1]]).toEqual([[1, 2, 3], 9, 0.5]);
});

test("smoothing has no bias towards the start and lies between the values", () => {
  expect(smoothed([4, 4, 4], 0.9)).toEqual([4, 4, 4]);
  const [first, second = 0] = smoothed([0, 10], 0.9);
  expect(first).toBe(0);
  expect(second).toBeGreaterThan(0);
  expect(second).toBeLessThan(10);
  expect(smoothed([1, 5, 2], 0)).toEqual([1, 5, 2]);
});

test("a longer curve is smoothed over more points, none without strength", () => {
  expect(memoryFor(15_000)).toBeGreaterThan(memoryFor(150));
  expect(memoryFor(15_000, 0)).toBe(0);
});

test("the outline of a long curve keeps its ends, its peaks and its order", () => {
  const values = Array.from({ length: 100_000 }, (_, at) => Math.sin(at / 5000));
  values[777] = 50;
  values[88_888] = -50;
  const places = outline(values, 2000);
  expect(places.length).toBeLessThan(2100);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect([places[0], places.at(-1)]).toEqual([0, 99_999]);
  expect(places).toContain(777);
  expect(places).toContain(88_888);
  expect(outline([3, 1, 2], 10)).toEqual([0, 1, 2]);
});

test("a curve is summed up by its last, its lowest and where it goes", () => {
  const falling = summaryOf(curve([1, 2, 4, 8, 16]));
  expect(falling).toMatchObject({ steps: 16, last: 1 / 16, lowest: 1 / 16, lowestStep: 16 });
  expect(falling?.trend).toBeLessThan(0);
  expect(summaryOf(NO_CURVE)).toBeNull();
});

test("a table lists the newest point always", () => {
  expect(listedPoints(curve(Array.from({ length: 1001 }, (_, at) => at + 1)), 100).at(-1)).toBe(1000);
  expect(listedPoints(curve([1, 2]), 100)).toEqual([0, 1]);
});

test("numbers are short", () => {
  expect([0, 0.123456, 0.0001234, 12.3456, 1_234_567].map(shortNumber)).toEqual([
    "0",
    "0.1235",
    "1.23e-4",
    "12.35",
    "1.23e+6",
  ]);
});
