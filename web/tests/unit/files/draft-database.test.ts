import { beforeEach, expect, it } from "vitest";
import { addLine, readLines, removeLines, replaceLines } from "@/files/draft-database";

beforeEach(async () => {
  for (const id of (await readLines()).keys()) await removeLines(id);
});

it("keeps the lines of each journal in their order", async () => {
  await Promise.all([replaceLines("a", "a0"), addLine("a", "a1"), addLine("b", "b0"), addLine("a", "a2")]);
  expect([...(await readLines())]).toEqual([
    ["a", ["a0", "a1", "a2"]],
    ["b", ["b0"]],
  ]);
});

it("begins a journal anew without leaving old lines, and leaves other journals alone", async () => {
  for (let line = 0; line < 5; line++) await addLine("a", String(line));
  await addLine("ab", "other");
  await replaceLines("a", "new");
  expect([...(await readLines())]).toEqual([
    ["a", ["new"]],
    ["ab", ["other"]],
  ]);
});

it("forgets a journal", async () => {
  await addLine("a", "1");
  await removeLines("a");
  expect([...(await readLines())]).toEqual([]);
});
