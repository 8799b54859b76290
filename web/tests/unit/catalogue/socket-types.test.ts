import { describe, expect, test } from "vitest";
import { accepts, socketColor } from "@/catalogue/socket-types";

describe("a link", () => {
  test.each([
    ["IMAGE", "IMAGE"],
    ["*", "IMAGE"],
    ["IMAGE", "*"],
    ["IMAGE", ""],
    ["INT", "INT,FLOAT"],
    ["INT, STRING", "STRING"],
    ["COMFY_MATCHTYPE_V3", "IMAGE"],
    [["a", "b"], "COMBO"],
    [0, "IMAGE"],
  ] as const)("may lead from %j to %j", (from, to) => {
    expect(accepts(from, to)).toBe(true);
  });

  test.each([
    ["IMAGE", "MASK"],
    ["INT", "FLOAT"],
    ["INT,FLOAT", "STRING"],
    ["image", "IMAGE"],
    ["COMBO", "STRING"],
  ] as const)("may not lead from %j to %j", (from, to) => {
    expect(accepts(from, to)).toBe(false);
  });
});

/** Relative luminance of a colour written as #rrggbb. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test("the colours of known types stand out from the bodies of dark nodes", () => {
  const body = luminance("#2d323c") + 0.05;
  for (const type of ["MODEL", "CLIP", "VAE", "CONDITIONING", "LATENT", "IMAGE", "MASK", "INT", "*"]) {
    expect((luminance(socketColor(type)) + 0.05) / body, type).toBeGreaterThan(3);
  }
});

test("other types have a colour of their own, always the same", () => {
  expect(socketColor("THING")).toBe(socketColor("THING"));
  expect(socketColor("THING")).not.toBe(socketColor("OTHER"));
  expect(socketColor(["a"])).toBe(socketColor("COMBO"));
});
