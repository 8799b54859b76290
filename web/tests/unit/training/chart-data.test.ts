import { expect, test } from "vitest";
import { type ChartLook, chartContent } from "@/training/chart-data";
import type { Curve } from "@/training/curve";

const LOOK: ChartLook = { smoothing: 0.5, rates: true, logarithmic: false };
const curve = (steps: number[], loss: number): Curve => ({
  step: steps,
  loss: steps.map(() => loss),
  rate: steps.map(() => 0.01),
});

test("the first curve has raw, smoothed and rate, the others are only smoothed", () => {
  const { lines, data } = chartContent(
    [
      { name: "a", curve: curve([1, 2, 3], 1) },
      { name: "b", curve: curve([2, 4], 5) },
    ],
    LOOK,
  );
  expect(lines.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    "a rate",
    "a raw",
    "a smooth",
    "b smooth",
  ]);
  expect(data[0]).toEqual([1, 2, 3, 4]);
  expect(data[2]).toEqual([1, 1, 1, undefined]);
  expect(data[4]).toEqual([undefined, 5, undefined, 5]);
});

test("without smoothing the values are drawn as they are, on a logarithmic axis above 0", () => {
  const { lines, data } = chartContent([{ name: "a", curve: curve([1], 0) }], {
    smoothing: 0,
    rates: false,
    logarithmic: true,
  });
  expect(lines.map(({ kind }) => kind)).toEqual(["raw"]);
  expect(data[1]?.[0]).toBeGreaterThan(0);
});

test("a hundred thousand steps make a chart of a few thousand points", () => {
  const steps = Array.from({ length: 100_000 }, (_, at) => at + 1);
  const { data } = chartContent(
    [{ name: "a", curve: { step: steps, loss: steps.map(Math.sin), rate: steps } }],
    LOOK,
  );
  expect(data[0].length).toBeLessThan(13_000);
  expect(data[0].at(-1)).toBe(100_000);
});
