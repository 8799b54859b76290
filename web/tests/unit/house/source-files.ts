/** The editor's source as the house's rules see it. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

const SOURCE = join(import.meta.dirname, "../../../src");

/** A source file. */
export interface SourceFile {
  /** Path within `src`, such as `canvas/scene.ts`. */
  readonly path: string;
  /** The folder that it belongs to, such as `canvas`. */
  readonly area: string;
  readonly lines: number;
  /** Files within `src` that are loaded with it; types and what is loaded later are none of these. */
  readonly loads: readonly string[];
  /** Files within `src` that it names at all. */
  readonly names: readonly string[];
  /** Packages that it names. */
  readonly packages: readonly string[];
  readonly functions: readonly { readonly line: number; readonly lines: number }[];
  readonly exported: readonly Exported[];
}

/** A name that a file offers to others. */
export interface Exported {
  readonly name: string;
  readonly line: number;
  /** It is a type, which is gone when the editor runs. */
  readonly isType: boolean;
  /** What its TSDoc says; empty where it has none. */
  readonly promise: string;
}

/** Return every source file. */
export function sourceFiles(): SourceFile[] {
  const paths = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.tsx?$/.test(path),
  );
  const known = new Set(paths);
  return paths.sort().map((path) => read(path, known));
}

function read(path: string, known: ReadonlySet<string>): SourceFile {
  const text = readFileSync(join(SOURCE, path), "utf8");
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const lineAt = (place: number): number => tree.getLineAndCharacterOfPosition(place).line + 1;
  const imports: Import[] = [];
  const functions: { line: number; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    const named = importedBy(node);
    if (named) imports.push(named);
    if (ts.isFunctionLike(node) && "body" in node && node.body) {
      const line = lineAt(node.getStart());
      functions.push({ line, lines: lineAt(node.getEnd()) - line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return {
    path,
    area: path.includes("/") ? (path.split("/")[0] ?? "") : "main",
    lines: text.split("\n").length - (text.endsWith("\n") ? 1 : 0),
    functions,
    exported: exportedBy(tree).map(({ at, ...rest }) => ({ ...rest, line: lineAt(at) })),
    loads: files(imports.filter(({ atOnce }) => atOnce)),
    names: files(imports),
    packages: imports.map(({ from }) => from).filter((from) => !isOurs(from)),
  };

  function files(some: readonly Import[]): string[] {
    return some.flatMap(({ from }) => resolved(path, from, known) ?? []);
  }
}

/** Return what a file declares for others; the forms of an overloaded function are one, as its first form says. */
function exportedBy(tree: ts.SourceFile): (Omit<Exported, "line"> & { readonly at: number })[] {
  const found = tree.statements.filter(isExported).flatMap((statement) => {
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    const rest = { at: statement.getStart(), isType, promise: promiseOf(statement) };
    return namesOf(statement).map((name) => ({ name, ...rest }));
  });
  return found.filter(({ name }, place) => found.findIndex((one) => one.name === name) === place);
}

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

function namesOf(node: ts.Statement): string[] {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = node as ts.DeclarationStatement;
  return [name?.getText() ?? "default"];
}

/** Return the words of the comment right above a statement. */
function promiseOf(node: ts.Statement): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  return ts.getTextOfJSDocComment(comment?.comment) ?? "";
}

/** A module that a file names, and whether it is loaded with the file. */
interface Import {
  readonly from: string;
  readonly atOnce: boolean;
}

const isOurs = (from: string): boolean => from.startsWith("@/") || from.startsWith(".");

/** Return the module that a node names, and whether it is loaded with the file. */
function importedBy(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { from: node.moduleSpecifier.text, atOnce: !node.importClause?.isTypeOnly };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { from: node.moduleSpecifier.text, atOnce: !node.isTypeOnly };
  }
  const [first] = ts.isCallExpression(node) ? node.arguments : [];
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && first) {
    return ts.isStringLiteral(first) ? { from: first.text, atOnce: false } : undefined;
  }
  return undefined;
}

function resolved(path: string, from: string, known: ReadonlySet<string>): string | undefined {
  if (!isOurs(from)) return undefined;
  const base = from.startsWith("@/") ? from.slice(2) : normalize(join(dirname(path), from));
  return [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`].find((one) => known.has(one));
}

/** Return one circle of files that load each other, or nothing. */
export function circle(files: readonly SourceFile[]): string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const way: string[] = [];
  const search = (path: string): string[] | undefined => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return undefined;
    way.push(path);
    for (const next of byPath.get(path)?.loads ?? []) {
      const found = search(next);
      if (found) return found;
    }
    way.pop();
    done.add(path);
    return undefined;
  };
  for (const { path } of files) {
    const found = search(path);
    if (found) return found;
  }
  return undefined;
}
