import { expect, test } from "vitest";
import { agoText, bytesText, durationText } from "@/i18n/measure-texts";

test.each([
  [0.004, "4 ms"],
  [0.0994, "99 ms"],
  [0.0996, "0.1 s"],
  [9.94, "9.9 s"],
  [9.96, "10 s"],
  [59.4, "59 s"],
  [59.6, "1:00"],
  [185, "3:05"],
  [3723, "1:02:03"],
])("%d seconds are %s", (seconds, words) => {
  expect(durationText(seconds)).toBe(words);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KB"],
  [12 * 1024 ** 2, "12 MB"],
  [537 * 1024 ** 2, "537 MB"],
  [3.4 * 1024 ** 3, "3.4 GB"],
])("%d bytes are %s", (bytes, words) => {
  expect(bytesText(bytes)).toBe(words);
});

test("what was a moment ago has no number, what was long ago has a date", () => {
  const now = Date.parse("2026-03-05T12:00:00");
  expect(agoText(now - 10_000, now)).toBe("just now");
  expect(agoText(now - 300_000, now)).toContain("5");
  expect(agoText(now - 3 * 86_400_000, now)).toContain("2026");
});
