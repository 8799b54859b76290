/** What the editor's files say: the names and the texts in them. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

const WEB = join(import.meta.dirname, "../../..");

/** The words of one file of code. */
export interface WrittenWords {
  /** Path within `web`, such as `src/canvas/scene.ts`. */
  readonly path: string;
  readonly names: ReadonlySet<string>;
  /** Texts in quotes. */
  readonly texts: ReadonlySet<string>;
  /** How texts with something filled in begin. */
  readonly beginnings: readonly string[];
}

/** A style sheet of a component. */
export interface StyleSheet {
  /** Path within `web`. */
  readonly path: string;
  /** The classes that it has for the component; those of packages, in `:global`, are left out. */
  readonly classes: readonly string[];
}

const pathsBelow = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(WEB, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => ending.test(path))
    .map((path) => join(folder, path));

/** Return the words of all code below some folders of `web`. */
export const writtenWords = (...folders: readonly string[]): WrittenWords[] =>
  folders.flatMap((folder) => pathsBelow(folder, /\.tsx?$/)).map(wordsOf);

function wordsOf(path: string): WrittenWords {
  const names = new Set<string>();
  const texts = new Set<string>();
  const beginnings: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    else if (ts.isStringLiteralLike(node)) texts.add(node.text);
    else if (ts.isTemplateHead(node)) beginnings.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(WEB, path), "utf8"), ts.ScriptTarget.ES2022, true));
  return { path, names, texts, beginnings };
}

/** Return the style sheets of the components below `src`. */
export const styleSheets = (): StyleSheet[] => pathsBelow("src", /\.module\.css$/).map(sheetOf);

function sheetOf(path: string): StyleSheet {
  const css = readFileSync(join(WEB, path), "utf8")
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/:global\([^)]*\)/g, "");
  return {
    path,
    classes: [...new Set([...css.matchAll(/\.([a-z][\w-]*)/gi)].map((found) => found[1] ?? ""))],
  };
}

/** Return the files of code that take a style sheet. */
export function usersOf({ path }: StyleSheet, code: readonly WrittenWords[]): WrittenWords[] {
  const name = path.slice("src/".length);
  return code.filter(({ path: user, texts }) =>
    [...texts].some((text) => normalize(join(dirname(user), text)) === path || text === `@/${name}`),
  );
}
