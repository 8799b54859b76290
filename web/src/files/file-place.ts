/** What the canvas does with files: it puts them into nodes, and makes a picture of itself. */

import type { Point } from "@/document/records";

/** Takes files. The canvas offers itself as one; without it files can only be opened. */
export interface FilePlace {
  /** Put a file into what lies at a point of the window; false where nothing there takes it. */
  put(file: File, at: Point): Promise<boolean>;
  /**
   * Return what adds a node that loads the file, at a point of the window, else in the middle; null where no kind of
   * node loads such files.
   */
  adding(file: File, at?: Point): (() => Promise<void>) | null;
  /** Return a picture of the whole sheet that is shown, as PNG; null where there is nothing on it. */
  picture(): Promise<Blob | null>;
}

let place: FilePlace | null = null;

/** Say what takes files; returns the function that ends this. */
export function offerFilePlace(offered: FilePlace): () => void {
  place = offered;
  return () => {
    if (place === offered) place = null;
  };
}

/** Return what takes files now. */
export const filePlace = (): FilePlace | null => place;
