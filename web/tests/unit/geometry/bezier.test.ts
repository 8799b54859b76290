import fc from "fast-check";
import { expect, test } from "vitest";
import { boundsOf, distanceTo, nearestOn, pointAt, wireCurve, wireThrough } from "@/geometry/bezier";

const coordinate = fc.integer({ min: -5000, max: 5000 });
const point = fc.tuple(coordinate, coordinate);

test("a wire begins at its output and ends at its input, wherever they lie", () => {
  fc.assert(
    fc.property(point, point, (from, to) => {
      const curve = wireCurve(from, to);
      expect(pointAt(curve, 0)).toEqual(from);
      expect(pointAt(curve, 1)).toEqual(to);
    }),
  );
});

test("a wire leaves its output to the right and meets its input from the left", () => {
  fc.assert(
    fc.property(point, point, (from, to) => {
      fc.pre(from[0] !== to[0] || from[1] !== to[1]);
      const curve = wireCurve(from, to);
      expect(curve[2]).toBeGreaterThanOrEqual(from[0]);
      expect(curve[4]).toBeLessThanOrEqual(to[0]);
    }),
  );
});

test("every point of a wire lies within its bounds", () => {
  fc.assert(
    fc.property(point, point, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, t) => {
      const curve = wireCurve(from, to);
      const [x, y] = pointAt(curve, t);
      const bounds = boundsOf([curve]);
      expect(x).toBeGreaterThanOrEqual(bounds.x - 1e-6);
      expect(x).toBeLessThanOrEqual(bounds.x + bounds.width + 1e-6);
      expect(y).toBeGreaterThanOrEqual(bounds.y - 1e-6);
      expect(y).toBeLessThanOrEqual(bounds.y + bounds.height + 1e-6);
    }),
  );
});

test("a point on a wire is found to be near it, one beside it as far as it is", () => {
  const curve = wireCurve([0, 0], [400, 200]);
  expect(distanceTo(curve, pointAt(curve, 0.37))).toBeLessThan(1);
  const straight = wireCurve([0, 0], [400, 0]);
  expect(distanceTo(straight, [200, 25])).toBeCloseTo(25, 1);
});

test("the nearest place on a wire is where a point was taken from", () => {
  const curve = wireCurve([0, 0], [400, 200]);
  expect(nearestOn(curve, pointAt(curve, 0.5))).toBeCloseTo(0.5, 1);
});

test("a wire that is led through points passes each of them", () => {
  const curves = wireThrough([
    [0, 0],
    [100, 50],
    [300, 0],
  ]);
  expect(curves.map((curve) => pointAt(curve, 1))).toEqual([
    [100, 50],
    [300, 0],
  ]);
});

test("one point alone makes no wire", () => {
  expect(wireThrough([[5, 5]])).toEqual([]);
});
