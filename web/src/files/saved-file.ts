/** What each open document knows of the file that it is saved in. */

import { create } from "zustand";
import type { Records } from "@/document/diff";

/** The file of a document as this page saw it last. */
export interface SavedFile {
  /** Its ETag, without quotes. */
  readonly tag: string;
  /** What it held; null where a draft outlived its page and the file was not read again yet. */
  readonly base: Records | null;
}

interface SavedFiles {
  /** By the id of the document. */
  readonly files: Readonly<Record<string, SavedFile>>;
}

/** What is known of the files of open documents, by ids of documents. */
export const useSavedFiles = create<SavedFiles>(() => ({ files: {} }));

/** Return what a document knows of its file; undefined where it has none. */
export function savedFile(id: string): SavedFile | undefined {
  return useSavedFiles.getState().files[id];
}

/** Remember the file of a document; null forgets it. */
export function rememberFile(id: string, file: SavedFile | null): void {
  useSavedFiles.setState(({ files }) => {
    const { [id]: _, ...others } = files;
    return { files: file ? { ...others, [id]: file } : others };
  });
}
