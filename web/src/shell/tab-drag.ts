/** Puts the open workflows into another order by dragging their tabs. */

import { type PointerEvent, type RefObject, useRef } from "react";
import { moveDocument } from "./open-documents";

/** How far the pointer goes before a press becomes a drag, in px. */
const SLACK = 6;

interface Drag {
  readonly id: string;
  readonly x: number;
  moving: boolean;
}

/** Return the place at which a tab whose middle is at `x` would stand. */
function placeAt(list: HTMLElement, x: number): number {
  const tabs = [...list.children];
  const place = tabs.findIndex((tab) => {
    const { left, right } = tab.getBoundingClientRect();
    return x < (left + right) / 2;
  });
  return place === -1 ? tabs.length : place;
}

/** Return the handlers of the list of tabs; fingers scroll the list instead. */
export function useTabDrag(list: RefObject<HTMLElement | null>) {
  const drag = useRef<Drag | null>(null);
  const stop = () => {
    drag.current = null;
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      const tab = (event.target as Element).closest<HTMLElement>("[data-document]");
      const id = tab?.dataset.document;
      if (!id || event.button !== 0 || event.pointerType === "touch") return;
      drag.current = { id, x: event.clientX, moving: false };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const now = drag.current;
      if (!now || !list.current) return;
      if (!now.moving && Math.abs(event.clientX - now.x) < SLACK) return;
      if (!now.moving) event.currentTarget.setPointerCapture(event.pointerId);
      now.moving = true;
      moveDocument(now.id, placeAt(list.current, event.clientX));
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  };
}
