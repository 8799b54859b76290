import { expect, it } from "vitest";
import { hexOf, hexOfNumber, numberOfHex } from "@/widgets/plain/color-text";

it("reads colours however they are typed", () => {
  expect(hexOf("3A7")).toBe("#33aa77");
  expect(hexOf(" #3a7bd5 ")).toBe("#3a7bd5");
  expect(hexOf("#12")).toBeUndefined();
  expect(hexOf("red")).toBeUndefined();
});

it("turns numbers into colours and back", () => {
  expect(hexOfNumber(0x00ff10)).toBe("#00ff10");
  expect(numberOfHex("#00ff10")).toBe(0x00ff10);
  expect(hexOfNumber(-5)).toBe("#000000");
});
