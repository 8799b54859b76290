/** The uploads that are under way, for those who show them. */

import { create } from "zustand";

/** A file on its way to the server. */
export interface RunningUpload {
  readonly id: number;
  /** Of the file. */
  readonly name: string;
  /** From 0 to 1; null while nobody knows, and when all is sent and the server is still at it. */
  readonly done: number | null;
  /** Takes it back. */
  readonly cancel: () => void;
}

/** The files on their way, in the order in which they were begun. */
export const useRunningUploads = create<{ readonly uploads: readonly RunningUpload[] }>(() => ({
  uploads: [],
}));

let last = 0;

/** Show an upload for as long as it takes. */
export async function shownUpload<T>(
  name: string,
  cancel: () => void,
  send: (onProgress: (sent: number, all: number) => void) => Promise<T>,
): Promise<T> {
  last += 1;
  const id = last;
  put((uploads) => [...uploads, { id, name, done: null, cancel }]);
  try {
    return await send((sent, all) => {
      const done = sent < all ? sent / all : null;
      put((uploads) => uploads.map((one) => (one.id === id ? { ...one, done } : one)));
    });
  } finally {
    put((uploads) => uploads.filter((one) => one.id !== id));
  }
}

function put(change: (uploads: readonly RunningUpload[]) => readonly RunningUpload[]): void {
  useRunningUploads.setState(({ uploads }) => ({ uploads: change(uploads) }));
}
