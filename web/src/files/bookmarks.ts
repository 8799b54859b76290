/** Bookmarked workflows, in the file that ComfyUI's own editor keeps them in. */

import { create } from "zustand";
import { parseExact } from "@/document/exact-json";
import { isObject } from "@/document/records";
import { ServerError } from "@/server/api";
import { report } from "./report";
import { FOLDER, listWorkflowFolder, readSaved, writeSaved } from "./user-workflows";

const INDEX = ".index.json";

interface Bookmarks {
  /** Paths beginning with `workflows/`. */
  readonly paths: ReadonlySet<string>;
}

/** Workflows that the user marked, as the server keeps them. */
export const useBookmarks = create<Bookmarks>(() => ({ paths: new Set() }));

interface Read {
  /** The whole file, since others may keep more in it. */
  readonly index: Readonly<Record<string, unknown>>;
  readonly tag: string | null;
}

/** Ask the server which workflows are marked; where it fails, a message says so. */
export async function loadBookmarks(): Promise<void> {
  try {
    useBookmarks.setState({ paths: pathsIn((await read()).index) });
  } catch (error) {
    report(error, "files.noBookmarks");
  }
}

/** Bookmark a workflow, or no more. */
export function toggleBookmark(path: string): Promise<void> {
  // As it is seen here: elsewhere it may be marked already.
  const marked = useBookmarks.getState().paths.has(path);
  return change((paths) => (marked ? without(paths, path) : new Set([...paths, path])));
}

/** Let a bookmark follow a workflow to its new path; null takes it away. */
export async function moveBookmark(path: string, to: string | null): Promise<void> {
  if (!useBookmarks.getState().paths.has(path)) return;
  await change((paths) => new Set([...without(paths, path), ...(to === null ? [] : [to])]));
}

async function change(changed: (paths: ReadonlySet<string>) => ReadonlySet<string>): Promise<void> {
  const before = useBookmarks.getState().paths;
  useBookmarks.setState({ paths: changed(before) });
  try {
    const { index, tag } = await read();
    const paths = changed(pathsIn(index));
    await writeSaved(FOLDER + INDEX, JSON.stringify({ ...index, favorites: [...paths] }), tag);
    useBookmarks.setState({ paths });
  } catch (error) {
    // Somebody else changed them in the same moment: their state, and ours on top of it.
    if (error instanceof ServerError && (error.status === 412 || error.status === 409))
      return change(changed);
    useBookmarks.setState({ paths: before });
    report(error, "files.noBookmarks");
  }
}

async function read(): Promise<Read> {
  const there = (await listWorkflowFolder()).some(({ path }) => path === INDEX);
  if (!there) return { index: {}, tag: null };
  const { content, tag } = await readSaved(FOLDER + INDEX);
  try {
    const index = parseExact(content);
    return { index: isObject(index) ? index : {}, tag };
  } catch {
    return { index: {}, tag };
  }
}

function pathsIn(index: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const { favorites } = index;
  return new Set(Array.isArray(favorites) ? favorites.filter((path) => typeof path === "string") : []);
}

const without = (paths: ReadonlySet<string>, path: string): ReadonlySet<string> =>
  new Set([...paths].filter((one) => one !== path));
