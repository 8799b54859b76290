import { describe, expect, it } from "vitest";
import { nameOfPath, pathOfName, wrongName } from "@/files/file-names";
import { foundRows, treeRows } from "@/files/workflow-tree";

const files = ["b.json", "a 10.json", "a 2.json", "deep/er/x.json", "deep/y.json"].map((name) => ({
  path: `workflows/${name}`,
  size: 1,
  modified: 0,
}));

describe("the list of workflows", () => {
  it("shows closed folders first, then files in the order that people count in", () => {
    const rows = treeRows(files, new Set());
    expect(rows.map(({ label }) => label)).toEqual(["deep", "a 2", "a 10", "b"]);
  });

  it("shows what is in open folders beneath them", () => {
    const rows = treeRows(files, new Set(["deep/", "deep/er/"]));
    const inside = rows.slice(0, 4).map(({ kind, label, depth }) => [kind, label, depth]);
    expect(inside).toEqual([
      ["folder", "deep", 0],
      ["folder", "er", 1],
      ["file", "x", 2],
      ["file", "y", 1],
    ]);
    expect(rows[2]?.id).toBe("workflows/deep/er/x.json");
  });

  it("finds files in any folder by all words of a search", () => {
    expect(foundRows(files, "ER x").map(({ label }) => label)).toEqual(["deep/er/x"]);
    expect(foundRows(files, "nowhere")).toEqual([]);
  });
});

describe("names of workflows", () => {
  it("lead to paths and back", () => {
    for (const name of ["portrait", "a/b c/d", "眼睛"]) expect(nameOfPath(pathOfName(name))).toBe(name);
    expect(pathOfName(" a / b.json ")).toBe("workflows/a/b.json");
  });

  it("are refused with the reason where some file system would take them for something else", () => {
    for (const name of ["", "a/", "../x", ".hidden", "a:b", "con", "a/nul.txt", "x\u0007", "y".repeat(201)]) {
      expect(wrongName(name), name).toMatch(/\w+\.$/);
    }
    expect(wrongName("a/b (copy) 2")).toBeNull();
  });
});
