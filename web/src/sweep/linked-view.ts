/** One zoom and place for all pictures of a grid. */

import { type RefObject, useEffect, useMemo } from "react";

/** Zooms and moves the pictures of a grid together. */
export interface LinkedView {
  /** Draw on: the grid that is zoomed. */
  attach(element: HTMLElement | null): void;
  /** Zoom by a factor around a point of a cell; (0, 0) is its middle, 0.5 its edges. */
  zoom(factor: number, x?: number, y?: number): void;
  /** Move by parts of a cell. */
  pan(x: number, y: number): void;
  /** Show the pictures whole. */
  reset(): void;
}

const MOST = 16;

/** Return a view that pictures are looked at through; it draws by itself, without React. */
export function linkedView(): LinkedView {
  let element: HTMLElement | null = null;
  let scale = 1;
  let left = 0;
  let top = 0;
  const draw = () => {
    const most = (scale - 1) / 2;
    left = Math.min(most, Math.max(-most, left));
    top = Math.min(most, Math.max(-most, top));
    element?.style.setProperty("--zoom", String(scale));
    element?.style.setProperty("--left", `${left * 100}%`);
    element?.style.setProperty("--top", `${top * 100}%`);
  };
  return {
    attach: (next) => {
      element = next;
      draw();
    },
    zoom: (factor, x = 0, y = 0) => {
      const next = Math.min(MOST, Math.max(1, scale * factor));
      left = x - ((x - left) * next) / scale;
      top = y - ((y - top) * next) / scale;
      scale = next;
      draw();
    },
    pan: (x, y) => {
      left += x;
      top += y;
      draw();
    },
    reset: () => {
      scale = 1;
      draw();
    },
  };
}

/** Return a view that lives as long as the component. */
export const useNewView = (): LinkedView => useMemo(linkedView, []);

/** Pixels that a pointer may move before a press becomes a drag. */
const SLOP = 4;

/** Let the wheel, the pointer and two fingers in an element drive a view. */
export function useLinkedView(place: RefObject<HTMLElement | null>, view: LinkedView | undefined): void {
  useEffect(() => {
    const element = place.current;
    if (!element || !view) return undefined;
    view.attach(element);
    const end = drive(element, view);
    return () => {
      end();
      view.attach(null);
    };
  }, [place, view]);
}

/** Return the picture's cell under a pointer. */
const cellOf = (target: EventTarget | null): Element | null =>
  target instanceof Element ? target.closest("td button, td > div") : null;

function drive(element: HTMLElement, view: LinkedView): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  const wheel = (event: WheelEvent) => {
    const box = cellOf(event.target)?.getBoundingClientRect();
    if (!box || event.shiftKey) return;
    event.preventDefault();
    const x = (event.clientX - box.left) / box.width - 0.5;
    const y = (event.clientY - box.top) / box.height - 0.5;
    view.zoom(Math.exp(-event.deltaY * 0.002), x, y);
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || !cellOf(event.target)) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved = 0;
  };
  const move = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    const box = cellOf(event.target)?.getBoundingClientRect();
    if (!before || !box) return;
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    const now = { x: event.clientX, y: event.clientY };
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    pointers.set(event.pointerId, now);
    if (moved < SLOP) return;
    // Two fingers zoom by their distance and move by their middle; one alone scrolls the grid.
    if (other) view.zoom(distance(now, other) / Math.max(1, distance(before, other)));
    const share = other ? 0.5 : 1;
    view.pan((share * (now.x - before.x)) / box.width, (share * (now.y - before.y)) / box.height);
  };
  const up = (event: PointerEvent) => pointers.delete(event.pointerId);
  /** The end of a drag is no press. */
  const click = (event: MouseEvent) => {
    if (moved < SLOP) return;
    event.preventDefault();
    event.stopPropagation();
    moved = 0;
  };
  const ends = new AbortController();
  const { signal } = ends;
  element.addEventListener("wheel", wheel, { passive: false, signal });
  element.addEventListener("pointerdown", down, { signal });
  window.addEventListener("pointermove", move, { signal });
  window.addEventListener("pointerup", up, { signal });
  window.addEventListener("pointercancel", up, { signal });
  element.addEventListener("click", click, { capture: true, signal });
  return () => ends.abort();
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

const distance = (one: Spot, other: Spot): number => Math.hypot(one.x - other.x, one.y - other.y);
