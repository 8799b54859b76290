import { expect, test } from "vitest";
import { readList } from "@/sweep/value-list";

test.each([
  ["1, 2,5", ["1", "2", "5"]],
  ["1..4", ["1", "2", "3", "4"]],
  ["8...2 step 3", ["8", "5", "2"]],
  ["0.5..1 step 0.1", ["0.5", "0.6", "0.7", "0.8", "0.9", "1"]],
  ["1e-4..3e-4 step 1e-4", ["0.0001", "0.0002", "0.0003"]],
  ["-1..1", ["-1", "0", "1"]],
  ["18446744073709551614..18446744073709551615", ["18446744073709551614", "18446744073709551615"]],
  ["7\n9; +3", ["7", "9", "3"]],
  ["", []],
  ["1,,2,", ["1", "2"]],
])("%j are %j", (given, values) => {
  expect(readList(given)).toEqual({ values, wrong: null });
});

test.each(["1..x", "a", "1..2 step 0", "1..1000000000000", "1 2", "0x10"])("%j is told as wrong", (given) => {
  expect(readList(given)).toEqual({ values: [], wrong: given });
});

test("the first part that cannot be read is named", () => {
  expect(readList("1, 2, five, six").wrong).toBe("five");
});
