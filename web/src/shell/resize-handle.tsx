/** The edge of a panel, by which it is made wider or narrower. */

import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { PANEL_WIDTH, type Side, setPanelWidth } from "@/editor/panels-state";
import styles from "./resize-handle.module.css";

interface ResizeHandleProps {
  readonly side: Side;
  /** The panel's width now, in px. */
  readonly width: number;
  readonly label: string;
}

/** How far an arrow key moves the edge, in px. */
const STEP = 16;

/** Dragged with the pointer, or moved with the arrow keys, Home and End. */
export function ResizeHandle({ side, width, label }: ResizeHandleProps) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const outwards = side === "left" ? 1 : -1;

  const move = (event: PointerEvent) => {
    if (!start.current) return;
    setPanelWidth(side, start.current.width + (event.clientX - start.current.x) * outwards);
  };
  const press = (event: KeyboardEvent) => {
    const widths: Readonly<Record<string, number>> = {
      ArrowLeft: width - STEP * outwards,
      ArrowRight: width + STEP * outwards,
      Home: PANEL_WIDTH.min,
      End: PANEL_WIDTH.max,
    };
    const next = widths[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setPanelWidth(side, next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that is moved is no thematic break
    <div
      className={styles.handle}
      data-side={side}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={PANEL_WIDTH.min}
      aria-valuemax={PANEL_WIDTH.max}
      onKeyDown={press}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width };
      }}
      onPointerMove={move}
      onPointerUp={() => {
        start.current = null;
      }}
      onPointerCancel={() => {
        start.current = null;
      }}
    />
  );
}
