/** The canvas: draws the document that is shown and lets it be changed. */

import { ReactFlowProvider } from "@xyflow/react";
import {
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { bindCanvas } from "@/editor/canvas-view";
import { type OpenDocument, useActiveDocument } from "@/editor/session";
import { offerFilePlace } from "@/files/file-place";
import { ContextMenu } from "@/ui/menu";
import { Breadcrumb } from "./breadcrumb";
import { cameraView, canvasPointAtCentre, centreOn, focusNode, onCamera } from "./camera";
import { useCanvasState } from "./canvas-state";
import { fileDrops } from "./file-drops";
import { Pointer } from "./gestures/pointer";
import { entriesFor } from "./menus/entries-for";
import { searchNodes } from "./node-search";
import type { Scene } from "./scene";
import { SelectionToolbar } from "./selection-toolbar";
import { Stage } from "./stage";
import styles from "./stage.module.css";
import { useScene } from "./use-scene";
import { ViewControls } from "./view-controls";
import { whenIdle } from "./when-idle";
import { WireMenu } from "./wire-menu";

const JoinDialog = lazy(() => import("./join-dialog"));
const ReadingList = lazy(() => import("./nodes/reading-list"));

/** The canvas of the document that is shown; nothing while there is none. */
export function Canvas() {
  const document = useActiveDocument();
  if (!document) return null;
  return (
    <ReactFlowProvider>
      <Sheet document={document} />
    </ReactFlowProvider>
  );
}

export default Canvas;

/** Return how many nodes are on the sheet. */
function useNodeCount(scene: Scene): number {
  const subscribe = useCallback((changed: () => void) => scene.subscribe(changed), [scene]);
  return useSyncExternalStore(subscribe, () => scene.order.length);
}

/** Return the zoom as it is when the view is at rest: drawn anew only then. */
function useRestingZoom(): number {
  const [zoom, setZoom] = useState(1);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onCamera(() => {
      clearTimeout(timer);
      timer = setTimeout(() => setZoom(cameraView().zoom), 120);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  return Math.round(zoom * 1000) / 1000;
}

/** Draws what nobody waits for once there is nothing else to do. */
function AtLeisure({ children }: { readonly children: ReactNode }) {
  const [now, setNow] = useState(false);
  useEffect(() => whenIdle(() => setNow(true)), []);
  return now ? <Suspense>{children}</Suspense> : null;
}

function Sheet({ document }: { readonly document: OpenDocument }) {
  const element = useRef<HTMLDivElement>(null);
  const pointer = useRef<Pointer | null>(null);
  const scene = useScene(document);
  const joining = useCanvasState((state) => state.joining !== null);
  const wiring = useCanvasState((state) => state.wiring !== null);
  const zoom = useRestingZoom();
  const nodes = useNodeCount(scene);
  useEffect(() => offerFilePlace(fileDrops), []);
  useEffect(() => bindCanvas({ centreOn, focusNode, middle: canvasPointAtCentre, searchNodes }), []);
  useEffect(() => {
    if (!element.current) return undefined;
    pointer.current = new Pointer(element.current);
    return () => pointer.current?.stop();
  }, []);
  const entries = () =>
    pointer.current ? entriesFor(scene, pointer.current.lastHit, pointer.current.lastPress) : [];
  return (
    <div className={styles.sheet} data-canvas data-nodes={nodes} data-zoom={zoom}>
      <ContextMenu entries={entries} onOpenChange={(open) => open && pointer.current?.menuOpened()}>
        <div ref={element} className={styles.stage} data-stage data-wiring={wiring || undefined}>
          <span data-edge="before" tabIndex={-1} />
          <Stage document={document} scene={scene} element={element} />
          <span data-edge="after" tabIndex={-1} />
        </div>
      </ContextMenu>
      <Breadcrumb document={document} />
      <SelectionToolbar document={document} scene={scene} />
      <ViewControls scene={scene} />
      <WireMenu scene={scene} />
      <AtLeisure key={scene.scope}>
        <ReadingList document={document} scene={scene} />
      </AtLeisure>
      {joining && (
        <Suspense>
          <JoinDialog scene={scene} />
        </Suspense>
      )}
    </div>
  );
}
