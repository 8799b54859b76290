import { expect, test } from "vitest";
import { nextIn } from "@/geometry/direction";
import { around, between, covers, grown, middle, overlap, within } from "@/geometry/rect";
import { snapToEdges } from "@/geometry/snap";

const rect = (x: number, y: number, width = 100, height = 50) => ({ x, y, width, height });

test("rectangles overlap when they share a point, edges included", () => {
  expect(overlap(rect(0, 0), rect(100, 50))).toBe(true);
  expect(overlap(rect(0, 0), rect(101, 0))).toBe(false);
});

test("a rectangle is within another only wholly", () => {
  expect(within(rect(10, 10, 20, 20), rect(0, 0))).toBe(true);
  expect(within(rect(90, 10, 20, 20), rect(0, 0))).toBe(false);
});

test("a margin widens what a rectangle covers", () => {
  expect(covers(rect(0, 0), [104, 25])).toBe(false);
  expect(covers(rect(0, 0), [104, 25], 5)).toBe(true);
  expect(grown(rect(0, 0), 5)).toEqual(rect(-5, -5, 110, 60));
});

test("two corners make the same rectangle in either order", () => {
  expect(between([30, 40], [10, 5])).toEqual(between([10, 5], [30, 40]));
});

test("nothing has no rectangle around it", () => {
  expect(around([])).toBeUndefined();
  expect(around([rect(0, 0), rect(200, 100)])).toEqual(rect(0, 0, 300, 150));
  expect(middle(rect(0, 0))).toEqual([50, 25]);
});

test("an edge that is near snaps, and a guide says with what", () => {
  const { offset, guides } = snapToEdges(rect(203, 300), [rect(200, 0)], 6);
  expect(offset).toEqual([-3, 0]);
  expect(guides).toEqual([{ from: [200, 0], to: [200, 350] }]);
});

test("an edge that is far off does not snap", () => {
  expect(snapToEdges(rect(220, 330), [rect(200, 0)], 6)).toEqual({ offset: [0, 0], guides: [] });
});

test("the nearest of several edges wins", () => {
  expect(snapToEdges(rect(103, 500), [rect(98, 0), rect(102, 0)], 6).offset[0]).toBe(-1);
});

test("an arrow goes to what lies straight ahead before what is nearer but aside", () => {
  const others = [
    ["aside", rect(150, 120)],
    ["ahead", rect(260, 5)],
    ["behind", rect(-200, 0)],
  ] as const;
  expect(nextIn(rect(0, 0), others, "right")).toBe("ahead");
  expect(nextIn(rect(0, 0), others, "left")).toBe("behind");
  expect(nextIn(rect(0, 0), others, "up")).toBeUndefined();
});
