/** The windows over the editor; each is loaded when it is opened for the first time. */

import { lazy, Suspense } from "react";
import { type Overlay, useOverlay } from "./overlays";

const WINDOWS = {
  palette: lazy(() => import("@/commands/palette")),
  help: lazy(() => import("@/commands/help-sheet")),
  settings: lazy(() => import("./settings-dialog")),
} satisfies Record<Overlay, unknown>;

/** The window that is open, if one is. */
export function Overlays() {
  const open = useOverlay((state) => state.open);
  if (!open) return null;
  const Window = WINDOWS[open];
  return (
    <Suspense fallback={null}>
      <Window />
    </Suspense>
  );
}
