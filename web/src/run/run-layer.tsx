/** What lies over the editor: files on their way, and the large view of results, loaded when it is opened. */

import { lazy, Suspense } from "react";
import { Uploads } from "./uploads";
import { useViewer } from "./viewer-state";

const Viewer = lazy(() => import("./viewer"));

/** Draws nothing while nothing is sent and no result is looked at. */
export function RunLayer() {
  const open = useViewer(({ index }) => index !== null);
  return (
    <>
      <Uploads />
      <Suspense fallback={null}>{open && <Viewer />}</Suspense>
    </>
  );
}
