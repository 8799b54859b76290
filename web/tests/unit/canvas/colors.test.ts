import { describe, expect, test } from "vitest";
import { shownBytes, shownSeconds } from "@/canvas/measures";
import { fromHue, luminance, mixed, nodeColors, readableOn } from "@/canvas/node-colors";
import { detailAt } from "@/canvas/paint/brush";
import { shownValue } from "@/canvas/shown-value";
import type { WidgetSlot } from "@/catalogue/slots";
import { TINTS } from "@/editor/node-tints";

const DARK = { dark: true, body: "#23272f", background: "#14161a", text: "#eceff4", muted: "#a9b1bf" };
const LIGHT = { dark: false, body: "#f5f6f9", background: "#eef0f4", text: "#171a20", muted: "#545d6c" };

const contrast = (one: string, other: string): number => {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};

const CATEGORIES = [
  "loaders",
  "conditioning",
  "sampling",
  "latent",
  "image",
  "mask",
  "training",
  "a pack/of mine",
  "",
];

describe("titles can be read in both themes", () => {
  for (const ground of [DARK, LIGHT]) {
    const theme = ground.dark ? "dark" : "light";
    test(`on the colours of all categories, ${theme}`, () => {
      for (const category of CATEGORIES) {
        const definition = { category } as Parameters<typeof nodeColors>[1];
        const colors = nodeColors({ id: 1, type: "A" }, definition, ground);
        expect(contrast(colors.header, colors.title), category).toBeGreaterThanOrEqual(4.5);
        expect(contrast(colors.body, ground.text), category).toBeGreaterThanOrEqual(4.5);
      }
    });

    test(`on the colours that nodes can be given, ${theme}`, () => {
      for (const { header, body } of TINTS) {
        const colors = nodeColors({ id: 1, type: "A", color: header, bgcolor: body }, undefined, ground);
        expect(contrast(colors.header, colors.title), header).toBeGreaterThanOrEqual(4.5);
        expect(contrast(colors.body, ground.text), body).toBeGreaterThanOrEqual(4.5);
      }
    });

    test(`on muted and bypassed nodes, ${theme}`, () => {
      for (const mode of [2, 4]) {
        for (const category of CATEGORIES) {
          const definition = { category } as Parameters<typeof nodeColors>[1];
          const colors = nodeColors({ id: 1, type: "A", mode }, definition, ground);
          expect(contrast(colors.header, colors.title), `${mode} ${category}`).toBeGreaterThanOrEqual(4.5);
          expect(contrast(colors.body, ground.muted), `${mode} ${category}`).toBeGreaterThanOrEqual(4.5);
        }
      }
    });
  }
});

test("colours are mixed by channel, short hex and hues included", () => {
  expect(mixed("#000", "#ffffff", 0.5)).toBe("#808080");
  expect(mixed("hsl(0 100% 50%)", "#000000", 0)).toBe("#ff0000");
  expect(fromHue(120, 1, 0.5)).toBe("#00ff00");
  expect(mixed("not a colour", "#fff", 0.5)).toBe("not a colour");
});

test("text is white on dark and dark on light", () => {
  expect([readableOn("#223"), readableOn("#eeeeee")]).toEqual(["#ffffff", "#14161a"]);
});

test("times and amounts are short", () => {
  expect([0.0451, 3.21, 42.4, 125].map(shownSeconds)).toEqual(["45 ms", "3.2 s", "42 s", "2 min 5 s"]);
  expect([2_000, 12 * 2 ** 20, 3.4 * 2 ** 30].map(shownBytes)).toEqual(["2 kB", "12 MB", "3.4 GB"]);
});

test("less is drawn the further out the view is", () => {
  expect([1, 0.45, 0.35, 0.2, 0.05].map(detailAt)).toEqual(["full", "full", "card", "card", "box"]);
});

test("values are written as their fields write them", () => {
  const slot = (kind: WidgetSlot["kind"]): WidgetSlot => ({ name: "x", kind, index: 0, sent: true });
  expect(shownValue(slot("number"), 4)).toBe("4.0");
  expect(shownValue(slot("toggle"), true)).toBe("on");
  expect(shownValue(slot("integer"), "\u0000int:18446744073709551615")).toBe("18446744073709551615");
  expect(shownValue(slot("choice"), null)).toBe("");
  expect(shownValue(slot("other"), ["a", "b"])).toBe("a, b");
});
