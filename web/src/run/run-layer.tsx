/** What runs show over the editor: the large view of results, loaded when it is opened for the first time. */

import { lazy, Suspense } from "react";
import { useViewer } from "./viewer-state";

const Viewer = lazy(() => import("./viewer"));

/** Draws nothing while no result is looked at. */
export function RunLayer() {
  const open = useViewer(({ index }) => index !== null);
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <Viewer />
    </Suspense>
  );
}
