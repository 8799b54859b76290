import fc from "fast-check";
import { expect, test } from "vitest";
import {
  centredOn,
  clampZoom,
  fitted,
  MAX_ZOOM,
  MIN_ZOOM,
  shownPart,
  toCanvas,
  zoomedAt,
} from "@/geometry/view";

const number = fc.double({ min: -2000, max: 2000, noNaN: true });
const view = fc.record({ x: number, y: number, zoom: fc.double({ min: 0.05, max: 3, noNaN: true }) });
const point = fc.tuple(number, number);

test("a canvas point is found where it is drawn", () => {
  fc.assert(
    fc.property(view, point, (how, at) => {
      const [x, y] = toCanvas(how, [at[0] * how.zoom + how.x, at[1] * how.zoom + how.y]);
      expect(x).toBeCloseTo(at[0], 4);
      expect(y).toBeCloseTo(at[1], 4);
    }),
  );
});

test("the point that is zoomed about stays where it is", () => {
  fc.assert(
    fc.property(view, point, fc.double({ min: 0.05, max: 3, noNaN: true }), (how, at, zoom) => {
      const [x, y] = toCanvas(zoomedAt(how, at, zoom), at);
      const [beforeX, beforeY] = toCanvas(how, at);
      expect(x).toBeCloseTo(beforeX, 3);
      expect(y).toBeCloseTo(beforeY, 3);
    }),
  );
});

test("the zoom keeps to its limits", () => {
  expect([clampZoom(0), clampZoom(99), clampZoom(1)]).toEqual([MIN_ZOOM, MAX_ZOOM, 1]);
});

test("what is fitted is seen whole and no larger than it is", () => {
  const rect = { x: -300, y: 40, width: 5000, height: 900 };
  const how = fitted(rect, 1440, 900);
  const seen = shownPart(how, 1440, 900);
  expect(seen.x).toBeLessThan(rect.x);
  expect(seen.x + seen.width).toBeGreaterThan(rect.x + rect.width);
  expect(fitted({ x: 0, y: 0, width: 10, height: 10 }, 1440, 900).zoom).toBe(1);
});

test("what is centred lies in the middle, at the same zoom", () => {
  const how = centredOn({ x: 5, y: 6, zoom: 0.5 }, [100, 200], 800, 600);
  expect(toCanvas(how, [400, 300])).toEqual([100, 200]);
  expect(how.zoom).toBe(0.5);
});
