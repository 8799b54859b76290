import { expect, test } from "vitest";
import { pageTitle } from "@/shell/page-title";

test("the title names the workflow", () => {
  expect(pageTitle("Portrait", null)).toBe("Portrait - Latentloom");
  expect(pageTitle(undefined, null)).toBe("Latentloom");
});

test("the title tells how far the run is", () => {
  expect(pageTitle("Portrait", 0.456)).toBe("[45%] Portrait - Latentloom");
});

test("the title says that it runs before there is anything to tell", () => {
  expect(pageTitle("Portrait", 0)).toBe("[Running] Portrait - Latentloom");
});
