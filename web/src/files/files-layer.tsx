/** What the files area lays over the canvas: where files are dropped, notices about the file, its windows. */

import { lazy, Suspense } from "react";
import { useActiveDocument } from "@/editor/session";
import { useConflicts } from "./conflicts";
import { DropZone } from "./drop-zone";
import { EmptySheet } from "./empty-sheet";
import { FileNotices } from "./file-notices";
import { useFileWindow } from "./window-state";

const Versions = lazy(() => import("./versions-dialog"));
const Conflicts = lazy(() => import("./conflicts-dialog"));

/** Mount it once, in the element that the canvas fills. */
export function FilesLayer() {
  const document = useActiveDocument();
  const versionsOf = useFileWindow((state) => state.versionsOf);
  const conflict = useConflicts((state) => state.shown);
  return (
    <>
      <DropZone />
      {document && <FileNotices key={document.id} document={document} />}
      {document && <EmptySheet document={document} />}
      <Suspense fallback={null}>
        {versionsOf !== null && <Versions path={versionsOf} />}
        {conflict && <Conflicts conflict={conflict} />}
      </Suspense>
    </>
  );
}
