/** Which of the windows over the editor is open. */

import { create } from "zustand";

/** Names a window over the editor; one is open at a time. */
export type Overlay = "palette" | "help" | "settings";

/** The window that is open; null while none is. */
export const useOverlay = create<{ readonly open: Overlay | null }>(() => ({ open: null }));

/** Open a window, in place of the one that is open. */
export const showOverlay = (overlay: Overlay): void => useOverlay.setState({ open: overlay });

/** Close the window that is open. */
export const hideOverlay = (): void => useOverlay.setState({ open: null });
