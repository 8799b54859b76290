import { expect, test } from "vitest";
import { fileOfValue, inputValue, type StoredFile, viewUrl } from "@/server/uploads";

const FILES: readonly [string, StoredFile][] = [
  ["cat.png", { filename: "cat.png", subfolder: "", type: "input" }],
  ["pets/old/cat.png", { filename: "cat.png", subfolder: "pets/old", type: "input" }],
  ["pets/cat.png [output]", { filename: "cat.png", subfolder: "pets", type: "output" }],
  ["cat [1].png [temp]", { filename: "cat [1].png", subfolder: "", type: "temp" }],
];

test.each(FILES)("the value %s and the file that it names are made from each other", (value, file) => {
  expect(fileOfValue(value)).toEqual(file);
  expect(inputValue(file)).toBe(value);
});

test("the address of a file keeps every letter of its name", () => {
  const url = new URL(viewUrl({ filename: "a&b #1 猫.png", subfolder: "x y", type: "temp" }, 256));
  expect(Object.fromEntries(url.searchParams)).toEqual({
    filename: "a&b #1 猫.png",
    subfolder: "x y",
    type: "temp",
    preview: "webp;80",
    size: "256",
  });
});
