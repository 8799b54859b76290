// @vitest-environment node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { en } from "@/i18n/en";
import { sourceFiles } from "./source-files";
import { styleSheets, usersOf, writtenWords } from "./written-words";

const source = writtenWords("src");
const others = writtenWords("tests", "bench");

test("what a file offers is used by another one", () => {
  const unused = sourceFiles().flatMap(({ path, exported }) => {
    const users = [...source, ...others].filter((file) => file.path !== `src/${path}`);
    const idle = exported.filter(
      ({ name, isType }) =>
        !isType && !isLoadedWhole(path, name) && !users.some(({ names }) => names.has(name)),
    );
    return idle.map(({ name, line }) => `${path}:${line} ${name}`);
  });
  expect(unused).toEqual([]);
});

/** Whether it is what a file gives that is loaded when it is asked for. */
function isLoadedWhole(path: string, name: string): boolean {
  const text = readFileSync(join(import.meta.dirname, "../../../src", path), "utf8");
  return text.includes(`export default function ${name}(`);
}

test("every text is said somewhere", () => {
  const said = source.filter(({ path }) => !/^src\/i18n\/(en|zh)\//.test(path));
  const isSaid = (key: string): boolean =>
    said.some(
      ({ texts, beginnings }) =>
        texts.has(key) || beginnings.some((one) => one.includes(".") && key.startsWith(one)),
    );
  expect(Object.keys(en).filter((key) => !isSaid(key))).toEqual([]);
});

test("every class of a style sheet is worn", () => {
  const idle = styleSheets().flatMap((sheet) => {
    const users = usersOf(sheet, source);
    return sheet.classes
      .filter((name) => !users.some(({ names, texts }) => names.has(name) || texts.has(name)))
      .map((name) => `${sheet.path} ${name}`);
  });
  expect(idle).toEqual([]);
});
