// @vitest-environment node
import { describe, expect, test } from "vitest";
import { heightOf, mayName } from "./layers";
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

test("each name that a file offers comes with what it promises, in more words than its own", () => {
  const offered = files.flatMap(({ path, exported }) => exported.map((one) => ({ ...one, path })));
  expect(offered.length).toBeGreaterThan(1000);
  const bare = offered.filter(({ name, promise }) => newWords(name, promise).length < 2);
  expect(bare.map(({ path, line, name }) => `${path}:${line} ${name}`)).toEqual([]);
});

/** Return the words of a promise that are not those of the name. */
function newWords(name: string, promise: string): string[] {
  const own = new Set(name.split(/(?=[A-Z])|_/).map((word) => word.toLowerCase()));
  return (promise.toLowerCase().match(/[a-z0-9]+/g) ?? []).filter((word) => !own.has(word));
}

describe("the arrows point one way", () => {
  test("no files load each other in a circle", () => {
    expect(circle(files)).toBeUndefined();
  });

  test("each area knows those below it and no other", () => {
    expect(files.filter(({ path }) => heightOf(path) === undefined).map(({ path }) => path)).toEqual([]);
    const strays = files.flatMap(({ path, names }) =>
      names.filter((other) => !mayName(path, other)).map((other) => `${path} -> ${other}`),
    );
    expect(strays).toEqual([]);
  });

  test("documents, definitions, values and geometry know neither React nor the page", () => {
    // What components hear of is where both worlds meet.
    const meeting = ["catalogue/state.ts"];
    const plain = files.filter(
      ({ path, area }) =>
        ["document", "catalogue", "values", "geometry"].includes(area) && !meeting.includes(path),
    );
    const allowed = /^elkjs/;
    const strays = plain.flatMap(({ path, packages }) =>
      packages.filter((one) => !allowed.test(one)).map((one) => `${path} -> ${one}`),
    );
    expect(strays).toEqual([]);
  });
});
