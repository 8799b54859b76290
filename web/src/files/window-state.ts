/** Which of the windows about files is open. */

import { create } from "zustand";

interface FileWindow {
  /** Path whose versions are shown; null while none are. */
  readonly versionsOf: string | null;
}

/** Which window about files is open. */
export const useFileWindow = create<FileWindow>(() => ({ versionsOf: null }));

/** Show the versions of a workflow. */
export function showVersions(path: string): void {
  useFileWindow.setState({ versionsOf: path });
}

/** Close the window with versions. */
export function hideVersions(): void {
  useFileWindow.setState({ versionsOf: null });
}
