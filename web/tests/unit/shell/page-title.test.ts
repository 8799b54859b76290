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

test("the title says that runs ended which nobody has seen end, unless others run", () => {
  expect(pageTitle("Portrait", null, "done")).toBe("✓ Portrait - Latentloom");
  expect(pageTitle("Portrait", null, "failed")).toBe("✗ Portrait - Latentloom");
  expect(pageTitle("Portrait", 0.5, "done")).toBe("[50%] Portrait - Latentloom");
});
