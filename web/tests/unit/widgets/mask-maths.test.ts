import { describe, expect, it } from "vitest";
import { touchesBetween } from "@/widgets/mask/brush";
import { around, cutTo, PaintHistory } from "@/widgets/mask/mask-history";
import { resizeBrush, suitBrush, useTools } from "@/widgets/mask/mask-tools";
import { scaledAt, toPicture, wholePicture } from "@/widgets/mask/mask-view";

const touch = (x: number, pressure = 1) => ({ x, y: 0, pressure });

describe("a stroke", () => {
  it("touches at even distances, however it is cut into movements", () => {
    const whole = touchesBetween(touch(0), touch(100), 50, 0).touches.map(({ x }) => x);
    const parts: number[] = [];
    let left = 0;
    for (let x = 0; x < 100; x += 7) {
      const part = touchesBetween(touch(x), touch(Math.min(100, x + 7)), 50, left);
      parts.push(...part.touches.map((one) => one.x));
      left = part.left;
    }
    expect(parts.length).toBe(whole.length);
    for (const [at, x] of parts.entries()) expect(x).toBeCloseTo(whole[at] ?? Number.NaN, 9);
  });

  it("touches once where it does not move", () => {
    expect(touchesBetween(touch(5), touch(5), 20, 0).touches).toEqual([touch(5)]);
  });

  it("takes the pressure over from one end to the other", () => {
    const { touches } = touchesBetween(touch(0, 0), touch(100, 1), 100, 0);
    expect(touches[0]?.pressure).toBe(0);
    expect(touches.at(-1)?.pressure).toBeGreaterThan(0.9);
  });
});

describe("rectangles", () => {
  it("are cut to the picture and to whole pixels", () => {
    expect(cutTo(10, 10, { x: -3.5, y: 2.2, width: 8, height: 3 })).toEqual({
      x: 0,
      y: 2,
      width: 5,
      height: 4,
    });
    expect(cutTo(10, 10, { x: 20, y: 0, width: 5, height: 5 })).toBeUndefined();
  });

  it("are joined", () => {
    const one = { x: 1, y: 1, width: 2, height: 2 };
    expect(around(undefined, one)).toBe(one);
    expect(around(one, { x: 5, y: 0, width: 1, height: 1 })).toEqual({ x: 1, y: 0, width: 5, height: 3 });
  });
});

describe("the history of a painting", () => {
  const step = (value: number) => {
    const data = { data: new Uint8ClampedArray([value]) } as unknown as ImageData;
    return { rect: { x: 0, y: 0, width: 1, height: 1 }, before: data, after: data };
  };

  it("goes back and forth, and forgets what was undone when something new is painted", () => {
    const history = new PaintHistory();
    const [one, two] = [step(1), step(2)];
    history.add(one);
    history.add(two);
    expect(history.undo()).toBe(two);
    expect(history.redo()).toBe(two);
    expect(history.undo()).toBe(two);
    history.add(step(3));
    expect(history.canRedo).toBe(false);
    expect(history.canUndo).toBe(true);
  });
});

describe("the view of the picture", () => {
  it("shows all of it in the middle", () => {
    const view = wholePicture(1016, 516, { width: 1000, height: 1000 });
    expect(view.scale).toBe(0.5);
    expect(toPicture(view, { x: 508, y: 258 })).toEqual({ x: 500, y: 500 });
    expect(wholePicture(1016, 528, { width: 64, height: 64 }).scale).toBe(8);
  });

  it("keeps the point under the pointer where it is when it is zoomed", () => {
    const view = { x: 10, y: 20, scale: 1 };
    const before = toPicture(view, { x: 200, y: 100 });
    const after = toPicture(scaledAt(view, { x: 200, y: 100 }, 3), { x: 200, y: 100 });
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
  });
});

describe("the brush", () => {
  const size = () => useTools.getState().size;

  it("suits small and large pictures, and stays as it is from one to the next of their kind", () => {
    useTools.setState({ size: 48 });
    suitBrush(64, 64);
    expect(size()).toBe(6);
    useTools.setState({ size: 9 });
    suitBrush(64, 48);
    expect(size()).toBe(9);
    suitBrush(4000, 3000);
    expect(size()).toBe(400);
  });

  it("grows to half of the longer side of the picture, and shrinks to a pixel", () => {
    suitBrush(64, 64);
    for (let turn = 0; turn < 60; turn++) resizeBrush(0.1);
    expect(size()).toBe(32);
    for (let turn = 0; turn < 60; turn++) resizeBrush(-0.1);
    expect(size()).toBe(1);
  });
});
