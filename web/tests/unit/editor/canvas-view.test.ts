import { afterEach, expect, test, vi } from "vitest";
import { nodeId, ROOT } from "@/document/records";
import { bindCanvas, type CanvasView, centreOn, focusNode, middleOfCanvas } from "@/editor/canvas-view";

const NODE = nodeId(ROOT, 3);
const stops: (() => void)[] = [];

function bind(): CanvasView {
  const view: CanvasView = {
    centreOn: vi.fn(),
    focusNode: vi.fn(),
    middle: () => [20, 30],
    searchNodes: vi.fn(),
  };
  stops.push(bindCanvas(view));
  return view;
}

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

test("what is asked for comes to the canvas that is on the page", () => {
  const view = bind();
  centreOn(NODE);
  focusNode(NODE);
  expect(view.centreOn).toHaveBeenCalledWith(NODE);
  expect(view.focusNode).toHaveBeenCalledWith(NODE);
  expect(middleOfCanvas()).toEqual([20, 30]);
});

test("a canvas that leaves takes nothing from the one that came after it", () => {
  const first = bind();
  const second = bind();
  stops[0]?.();
  centreOn(NODE);
  expect(first.centreOn).not.toHaveBeenCalled();
  expect(second.centreOn).toHaveBeenCalledOnce();
});

test("without a canvas, nothing is shown", () => {
  bind();
  stops.pop()?.();
  expect(() => centreOn(NODE)).not.toThrow();
  expect(middleOfCanvas()).toEqual([0, 0]);
});
