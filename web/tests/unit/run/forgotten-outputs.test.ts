import { afterEach, expect, test } from "vitest";
import { amendRun, forgetOutputs, forgetRuns, nodeRun } from "@/run/node-run";
import { outputItems } from "@/run/outputs";
import { viewUrl } from "@/server/uploads";

afterEach(() => {
  for (const id of ["one", "two"]) forgetRuns(id);
});

const file = (filename: string) => ({ filename, subfolder: "pets", type: "output" }) as const;

test("nodes of all documents show files no longer that were deleted, and others as before", () => {
  for (const id of ["one", "two"]) {
    amendRun(id, "9", { outputs: outputItems({ images: [file("a.png"), file("b.png")] }) });
    amendRun(id, "4:8", { outputs: outputItems({ images: [file("b.png")], text: ["done"] }) });
  }
  const before = nodeRun("two", "4:8");
  forgetOutputs([viewUrl(file("a.png"))]);
  for (const id of ["one", "two"]) {
    expect(nodeRun(id, "9").outputs.map(({ filename }) => filename)).toEqual(["b.png"]);
  }
  expect(nodeRun("two", "4:8")).toBe(before);
});
