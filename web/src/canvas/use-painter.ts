/** Ties the painter to what it paints. */

import { type RefObject, useCallback, useEffect, useRef } from "react";
import { SUBGRAPH_INPUT } from "@/document/records";
import { type OpenDocument, useSession } from "@/editor/session";
import { onSetting, setting } from "@/editor/settings";
import { text, useLanguage } from "@/i18n/language";
import { onCamera } from "./camera";
import { useCanvasState } from "./canvas-state";
import type { Mounting } from "./mounting";
import { Painter } from "./paint/painter";
import { onPictures } from "./paint/pictures";
import { onRunMarks } from "./paint/run-marks";
import type { Scene } from "./scene";
import { onTheme } from "./theme-colors";

interface Painted {
  readonly base: RefObject<HTMLCanvasElement | null>;
  readonly top: RefObject<HTMLCanvasElement | null>;
  readonly scene: Scene;
  readonly document: OpenDocument;
  readonly mounting: RefObject<Mounting | null>;
}

/** Paint a sheet on two canvas elements for as long as it is shown; returns what paints the upper one anew. */
export function usePainter({ base, top, scene, document, mounting }: Painted): () => void {
  const painter = useRef<Painter | null>(null);
  const { id } = document;
  useEffect(() => {
    if (!base.current || !top.current) return undefined;
    const made = new Painter(base.current, top.current, {
      scene: () => scene,
      selection: () => useSession.getState().documents.find((one) => one.id === id)?.selection ?? new Set(),
      isMounted: (node) => mounting.current?.has(node) ?? false,
      wireStyle: () => setting("linkStyle"),
      endTitle: (side) => text(side === SUBGRAPH_INPUT ? "canvas.inputs" : "canvas.outputs"),
    });
    painter.current = made;
    const all = () => made.invalidate();
    const stops = [
      scene.subscribe(all),
      onPictures(all),
      onTheme(all),
      onSetting("linkStyle", all),
      useLanguage.subscribe(all),
      onRunMarks(() => made.invalidateTop()),
      onCamera(() => made.moved()),
      useSession.subscribe((now, before) => {
        if (now.documents !== before.documents) made.invalidateTop();
      }),
      useCanvasState.subscribe((now, before) => {
        const other = now.drag?.ids !== before.drag?.ids || now.wiring?.taken !== before.wiring?.taken;
        if (other) made.invalidate();
        else made.invalidateTop();
      }),
    ];
    all();
    return () => {
      for (const stop of stops) stop();
      made.stop();
      painter.current = null;
    };
  }, [base, top, scene, id, mounting]);
  return useCallback(() => painter.current?.invalidateTop(), []);
}
