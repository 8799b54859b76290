import fc from "fast-check";
import { expect, test } from "vitest";
import { freePlace } from "@/geometry/free-place";
import { overlap, type Rect } from "@/geometry/rect";

const wanted: Rect = { x: 100, y: 100, width: 210, height: 120 };

test("a place that is free already stays", () => {
  expect(freePlace(wanted, [])).toEqual([100, 100]);
  expect(freePlace(wanted, [{ x: 600, y: 100, width: 50, height: 50 }])).toEqual([100, 100]);
});

test("what stands in the way is passed on the right", () => {
  const [x, y] = freePlace(wanted, [wanted]);
  expect(y).toBe(100);
  expect(x).toBeGreaterThan(310);
  expect(x).toBeLessThan(420);
});

test("nothing new covers anything that is there", () => {
  const side = fc.integer({ min: 20, max: 300 });
  const rect = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: side, width: side, height: side });
  fc.assert(
    fc.property(fc.array(rect, { maxLength: 12 }), (taken) => {
      const [x, y] = freePlace(wanted, taken);
      expect(taken.filter((one) => overlap(one, { ...wanted, x, y }))).toEqual([]);
    }),
  );
});
