// @vitest-environment node
import { describe, expect, test } from "vitest";
import { circle, sourceFiles } from "./source-files";

const MAX_FILE = 350;
const MAX_FUNCTION = 60;
const USUAL_FUNCTION = 30;
const USUAL_SHARE = 0.9;
const VAGUE = /^(utils?|helpers?|common|misc|manager|tools)\./;
const files = sourceFiles();

test("no file is longer than one sitting", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter(({ lines }) => lines > MAX_FILE).map(({ path, lines }) => `${path} ${lines}`)).toEqual(
    [],
  );
});

test("functions are short", () => {
  const every = files.flatMap(({ path, functions }) => functions.map((one) => ({ ...one, path })));
  const long = every.filter(({ lines }) => lines > MAX_FUNCTION);
  expect(long.map(({ path, line, lines }) => `${path}:${line} ${lines}`)).toEqual([]);
  const usual = every.filter(({ lines }) => lines <= USUAL_FUNCTION).length / every.length;
  expect(usual).toBeGreaterThan(USUAL_SHARE);
});

test("no file is named after nothing", () => {
  const texts = /^i18n\/(en|zh)\//;
  const named = files.filter(({ path }) => VAGUE.test(path.split("/").at(-1) ?? "") && !texts.test(path));
  expect(named.map(({ path }) => path)).toEqual([]);
});

describe("the arrows point one way", () => {
  test("no files load each other in a circle", () => {
    expect(circle(files)).toBeUndefined();
  });

  test("documents, definitions and geometry know neither React nor the page", () => {
    // The lists of commands and the state that components hear of are where both worlds meet.
    const meeting = ["document/commands.ts", "catalogue/state.ts"];
    const plain = files.filter(
      ({ path, area }) => ["document", "catalogue", "geometry"].includes(area) && !meeting.includes(path),
    );
    const within = /^(document|catalogue|geometry)\//;
    const allowed = /^elkjs/;
    const strays = plain.flatMap(({ path, names, packages }) =>
      [...names.filter((one) => !within.test(one)), ...packages.filter((one) => !allowed.test(one))].map(
        (one) => `${path} -> ${one}`,
      ),
    );
    expect(strays).toEqual([]);
  });
});
