import { expect, test } from "vitest";
import { linkedView } from "@/sweep/linked-view";

function attached() {
  const element = document.createElement("div");
  const view = linkedView();
  view.attach(element);
  const read = () =>
    ["--zoom", "--left", "--top"].map((name) => Number.parseFloat(element.style.getPropertyValue(name)));
  return { view, read };
}

test("the point under the pointer stays where it is while pictures are zoomed", () => {
  const { view, read } = attached();
  view.zoom(2, 0.25, -0.25);
  expect(read()).toEqual([2, -25, 25]);
  view.zoom(2, 0.25, -0.25);
  expect(read()).toEqual([4, -75, 75]);
});

test("pictures never leave their cells, and are whole again after a reset", () => {
  const { view, read } = attached();
  view.pan(0.4, 0.4);
  expect(read()).toEqual([1, 0, 0]);
  view.zoom(3);
  view.pan(9, -9);
  expect(read()).toEqual([3, 100, -100]);
  view.zoom(100);
  expect(read()[0]).toBe(16);
  view.reset();
  expect(read()).toEqual([1, 0, 0]);
});
