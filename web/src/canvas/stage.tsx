/** The canvas itself: what moves the view, what paints, and the nodes that are mounted. */

import "@xyflow/react/dist/base.css";
import { ReactFlow, type ReactFlowProps, useReactFlow, type Viewport, ViewportPortal } from "@xyflow/react";
import { type RefObject, useCallback, useEffect, useMemo, useRef } from "react";
import type { OpenDocument } from "@/editor/session";
import { useSession } from "@/editor/session";
import { useSetting } from "@/editor/settings";
import { around, overlap } from "@/geometry/rect";
import { MAX_ZOOM, MIN_ZOOM, shownPart } from "@/geometry/view";
import { useText } from "@/i18n/language";
import { bindStage, cameraSize, cameraView, reportFitted, reportSize, reportView, viewOf } from "./camera";
import { keepFieldInSight } from "./field-in-sight";
import { GroupTitle } from "./group-title";
import type { Mounting } from "./mounting";
import { NodesLayer } from "./nodes/nodes-layer";
import { Overlay } from "./overlay";
import type { Scene } from "./scene";
import styles from "./stage.module.css";
import { ThingMark } from "./thing-mark";
import { useCanvasKeys } from "./use-canvas-keys";
import { usePainter } from "./use-painter";

interface StageProps {
  readonly document: OpenDocument;
  readonly scene: Scene;
  readonly element: RefObject<HTMLDivElement | null>;
}

/** Draws one sheet of a document and keeps how it is looked at. */
export function Stage({ document, scene, element }: StageProps) {
  const text = useText();
  const wheel = useSetting("wheel");
  const base = useRef<HTMLCanvasElement>(null);
  const top = useRef<HTMLCanvasElement>(null);
  const mounting = useRef<Mounting | null>(null);
  const repaint = usePainter({ base, top, scene, document, mounting });
  const onMounting = useCallback(
    (next: Mounting | null) => {
      mounting.current = next;
      repaint();
    },
    [repaint],
  );
  useStage(element);
  useView(document, scene);
  const onKeyDown = useCanvasKeys(document, scene, element);
  const nothing = useMemo(() => [], []);
  return (
    <>
      <canvas ref={base} className={styles.paint} aria-hidden />
      <canvas ref={top} className={styles.paint} aria-hidden />
      <ReactFlow
        className={styles.flow}
        nodes={nothing}
        edges={nothing}
        {...VIEW_ONLY}
        panOnScroll={wheel === "pan"}
        onMove={(event, view) => {
          // Moves of the code come without an event.
          if (event) reportFitted(false);
          markPanning(element.current, view.zoom === cameraView().zoom);
          reportView(view);
        }}
        onMoveEnd={(event, view) => {
          markPanning(element.current, false);
          keepView(event, view);
        }}
        aria-label={text("canvas.region")}
        aria-describedby="canvas-help"
        tabIndex={scene.order.length === 0 ? 0 : -1}
        onKeyDown={onKeyDown}
      >
        <ViewportPortal>
          <NodesLayer document={document} scene={scene} onMounting={onMounting} />
          <ThingMark scene={scene} />
          <GroupTitle scene={scene} />
          <Overlay scene={scene} />
        </ViewportPortal>
      </ReactFlow>
      <p id="canvas-help" className="sr-only">
        {text("canvas.help")}
      </p>
    </>
  );
}

/** It moves the view and nothing else: what lies on the sheet is moved, selected and joined by gestures of ours. */
const VIEW_ONLY = {
  minZoom: MIN_ZOOM,
  maxZoom: MAX_ZOOM,
  panOnDrag: [0] as number[],
  panOnScrollSpeed: 1,
  zoomOnDoubleClick: false,
  deleteKeyCode: null,
  selectionKeyCode: null,
  multiSelectionKeyCode: null,
  panActivationKeyCode: null,
  zoomActivationKeyCode: null,
  disableKeyboardA11y: true,
  elementsSelectable: false,
  proOptions: { hideAttribution: true },
} satisfies Partial<ReactFlowProps>;

/** Say on the element whether the view is being moved without zooming. */
function markPanning(stage: HTMLElement | null, panning: boolean): void {
  stage?.querySelector(".react-flow")?.toggleAttribute("data-panning", panning);
}

/** Keep how the sheet is looked at with its document. */
function keepView(_event: unknown, { x, y, zoom }: Viewport): void {
  const { documents, activeId, amend } = useSession.getState();
  const document = documents.find(({ id }) => id === activeId);
  const scope = document?.scopes.at(-1);
  if (!document || scope === undefined) return;
  amend(document.id, { viewports: { ...document.viewports, [scope]: { x, y, zoom } } });
}

/** Say how large the canvas is, and let commands move its view. */
function useStage(element: RefObject<HTMLDivElement | null>): void {
  const flow = useReactFlow();
  useEffect(() => {
    const stage = element.current;
    if (!stage) return undefined;
    bindStage({
      element: stage,
      move: (view, duration) => {
        void flow.setViewport(view, duration > 0 ? { duration } : undefined);
        if (duration === 0) reportView(view);
      },
    });
    const sizes = new ResizeObserver(([entry]) => {
      if (entry) reportSize(entry.contentRect.width, entry.contentRect.height);
      keepFieldInSight(stage);
    });
    sizes.observe(stage);
    reportSize(stage.clientWidth, stage.clientHeight);
    return () => {
      sizes.disconnect();
      bindStage(null);
    };
  }, [flow, element]);
}

/** Look at a sheet as it was looked at last; for the first time, or where nothing would be seen, at all of it. */
function useView(document: OpenDocument, scene: Scene): void {
  const flow = useReactFlow();
  const { id } = document;
  useEffect(() => {
    const kept = useSession.getState().documents.find((one) => one.id === id)?.viewports[scene.scope];
    const all = viewOf(scene);
    const view = kept && showsSomething(scene, kept) ? kept : (all ?? { x: 0, y: 0, zoom: 1 });
    void flow.setViewport(view);
    reportView(view);
    reportFitted(isSame(view, all));
  }, [flow, scene, id]);
}

/** Tell whether two views show the same to within a pixel. */
const isSame = (view: Viewport, other: Viewport | undefined): boolean =>
  other !== undefined &&
  Math.hypot(view.x - other.x, view.y - other.y) < 1 &&
  Math.abs(view.zoom / other.zoom - 1) < 0.001;

function showsSomething(scene: Scene, view: Viewport): boolean {
  const all = around([...scene.nodes.values()].map(({ box }) => box));
  const seen = shownPart(view, ...cameraSize());
  return !all || (overlap(all, seen) && [...scene.nodes.values()].some(({ box }) => overlap(box, seen)));
}
