/** What the middle of the editor shows: the canvas, with what lies over it. */

import { CircleAlert } from "lucide-react";
import { Canvas } from "@/canvas/canvas";
import { useActiveDocument } from "@/editor/session";
import { FilesLayer } from "@/files/files-layer";
import { NoDocument } from "@/files/no-document";
import { text } from "@/i18n/language";
import { RunLayer } from "@/run/run-layer";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorBoundary } from "@/ui/error-boundary";
import { WidgetsLayer } from "@/widgets/widgets-layer";
import { FirstSteps } from "./first-steps";

/** The canvas of the workflow that is shown. A fault in it leaves the workflow and the rest as they are. */
export function Workspace() {
  const open = useActiveDocument() !== undefined;
  return (
    <ErrorBoundary fallback={(error, retry) => <CanvasFault error={error} retry={retry} />}>
      {open ? <Canvas /> : <NoDocument />}
      {open && <FirstSteps />}
      <FilesLayer />
      <WidgetsLayer />
      <RunLayer />
    </ErrorBoundary>
  );
}

function CanvasFault({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  return (
    <EmptyState
      icon={CircleAlert}
      title={text("shell.canvas-failed")}
      text={error.message}
      action={<Button onClick={retry}>{text("common.retry")}</Button>}
    />
  );
}
