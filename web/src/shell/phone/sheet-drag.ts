/** Makes a sheet higher or lower, or closes it, by dragging its head. */

import { type PointerEvent, type RefObject, useRef } from "react";

interface SheetSize {
  readonly full: boolean;
  readonly setFull: (full: boolean) => void;
  readonly close: () => void;
}

/** How far a drag goes, in px, before it changes the sheet. */
const ENOUGH = 56;
const SLACK = 6;

/** Return the handlers of the sheet's head; a press without a drag is left to what was pressed. */
export function useSheetDrag(sheet: RefObject<HTMLElement | null>, { full, setFull, close }: SheetSize) {
  const start = useRef<{ y: number; height: number } | null>(null);
  const end = (event: PointerEvent) => {
    const from = start.current;
    start.current = null;
    if (!from || !sheet.current) return;
    delete sheet.current.dataset.dragged;
    sheet.current.style.height = "";
    const down = event.clientY - from.y;
    if (down < -ENOUGH) setFull(true);
    else if (down > ENOUGH && full && down < from.height * 0.6) setFull(false);
    else if (down > ENOUGH) close();
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      if (!sheet.current) return;
      start.current = { y: event.clientY, height: sheet.current.offsetHeight };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const from = start.current;
      if (!from || !sheet.current || Math.abs(event.clientY - from.y) < SLACK) return;
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) {
        event.currentTarget.setPointerCapture(event.pointerId);
      }
      sheet.current.dataset.dragged = "";
      sheet.current.style.height = `${from.height + from.y - event.clientY}px`;
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
