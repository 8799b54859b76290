/** The windows over the editor; each is loaded when it is opened for the first time. */

import { lazy, Suspense } from "react";
import { useNodeSearch } from "@/canvas/node-search";
import { type Overlay, useOverlay } from "./overlays";

const WINDOWS = {
  palette: lazy(() => import("@/commands/palette")),
  help: lazy(() => import("@/commands/help-sheet")),
  settings: lazy(() => import("./settings-dialog")),
} satisfies Record<Overlay, unknown>;

const NodePalette = lazy(() => import("@/commands/node-search/node-palette"));

/** The window that is open, if one is. */
export function Overlays() {
  const open = useOverlay((state) => state.open);
  const adding = useNodeSearch((state) => state.open);
  const Window = open && WINDOWS[open];
  return (
    <Suspense fallback={null}>
      {Window && <Window />}
      {adding && <NodePalette />}
    </Suspense>
  );
}
