/** Workflows as rows: folders with what is in them, or what a search finds. */

import { nameOfPath } from "./file-names";
import type { FileEntry } from "./user-workflows";

/** A line of the list. */
export interface Row {
  readonly kind: "folder" | "file";
  /** Of a file its path; of a folder its name with a `/` at the end. */
  readonly id: string;
  readonly label: string;
  /** How many folders it is in. */
  readonly depth: number;
  /** Of a folder: whether what is in it is shown. */
  readonly open: boolean;
}

/** Return the rows of folders and files, folders first, each in the order of the alphabet. */
export function treeRows(files: readonly FileEntry[], openFolders: ReadonlySet<string>): readonly Row[] {
  return rowsIn(
    files.map(({ path }) => nameOfPath(path)),
    "",
    0,
    openFolders,
  );
}

function rowsIn(names: readonly string[], folder: string, depth: number, open: ReadonlySet<string>): Row[] {
  const inside = names.filter((name) => name.startsWith(folder));
  const rest = inside.map((name) => name.slice(folder.length));
  const folders = [...new Set(rest.flatMap((name) => (name.includes("/") ? name.split("/")[0] : []) ?? []))];
  const rows = folders.sort(compare).flatMap((label): Row[] => {
    const id = `${folder}${label}/`;
    const shown = open.has(id);
    const row: Row = { kind: "folder", id, label, depth, open: shown };
    return shown ? [row, ...rowsIn(inside, id, depth + 1, open)] : [row];
  });
  const own = rest.filter((name) => !name.includes("/")).sort(compare);
  return [...rows, ...own.map((label) => fileRow(`${folder}${label}`, label, depth))];
}

/** Return the rows of files whose names have all words of a search. */
export function foundRows(files: readonly FileEntry[], search: string): readonly Row[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return files
    .map(({ path }) => nameOfPath(path))
    .filter((name) => words.every((word) => name.toLowerCase().includes(word)))
    .sort(compare)
    .map((name) => fileRow(name, name, 0));
}

/** Return the rows of some paths, as they are ordered. */
export function pathRows(paths: Iterable<string>): readonly Row[] {
  return [...paths].map((path) => fileRow(nameOfPath(path), nameOfPath(path), 0));
}

function fileRow(name: string, label: string, depth: number): Row {
  return { kind: "file", id: `workflows/${name}.json`, label, depth, open: false };
}

const compare = (one: string, other: string): number =>
  one.localeCompare(other, undefined, { numeric: true, sensitivity: "base" });
