/** The windows over the editor; each is loaded when it is opened for the first time. */

import { lazy, Suspense } from "react";
import { useNodeSearch } from "@/canvas/node-search";
import { type Overlay, useOverlay } from "@/editor/overlays";

const loadPalette = () => import("@/commands/palette");
const loadNodePalette = () => import("@/commands/node-search/node-palette");

const WINDOWS = {
  palette: lazy(loadPalette),
  help: lazy(() => import("@/commands/help-sheet")),
  settings: lazy(() => import("./settings-dialog")),
} satisfies Record<Overlay, unknown>;

const NodePalette = lazy(loadNodePalette);

/** Fetch the windows that are typed into as soon as they are asked for, once nothing else is to be done. */
export function fetchPalettes(): void {
  const fetchThem = () => void Promise.all([loadPalette(), loadNodePalette()]).catch(() => undefined);
  if ("requestIdleCallback" in window) requestIdleCallback(fetchThem, { timeout: 3000 });
  else setTimeout(fetchThem, 1500);
}

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
