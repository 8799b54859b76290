/** A picture that is looked at with the wheel, the mouse, fingers and keys. */

import { useCallback, useEffect, useState } from "react";
import { type Extent, fitted, fitZoom, kept, type PictureView, zoomed } from "./picture-view";

const STEP = 1.25;

interface Pointer {
  readonly x: number;
  readonly y: number;
}

/** A picture that can be zoomed and moved, and what does it. */
export interface PictureControls {
  /** Takes the frame, as its `ref`. */
  readonly frame: (element: HTMLDivElement | null) => void;
  readonly view: PictureView;
  /** Zoom in by steps of a quarter; out for negative ones. */
  zoomBy(steps: number): void;
  fit(): void;
  /** One pixel of the picture for one of the screen. */
  whole(): void;
  /** Take in how large the picture is. */
  setSize(size: Extent): void;
}

/**
 * Return the view of a picture and what changes it; a picture of another size is shown whole.
 *
 * @param parts Into how many columns the frame is divided, each with a picture that is looked at in the same way.
 */
export function usePictureView(parts: 1 | 2): PictureControls {
  const [frame, setFrame] = useState<HTMLDivElement | null>(null);
  const [size, takeSize] = useState<Extent>({ width: 0, height: 0 });
  const [view, setView] = useState<PictureView>({ x: 0, y: 0, zoom: 1 });
  const extent = useCallback((): Extent => {
    const { clientWidth = 0, clientHeight = 0 } = frame ?? {};
    return { width: clientWidth / parts, height: clientHeight };
  }, [frame, parts]);
  const change = useCallback(
    (next: (view: PictureView) => PictureView) => setView((now) => kept(next(now), size, extent())),
    [size, extent],
  );
  const fit = useCallback(() => setView(fitted(size, extent())), [size, extent]);
  const setSize = useCallback((next: Extent) => {
    takeSize((now) => (now.width === next.width && now.height === next.height ? now : next));
  }, []);
  useEffect(fit, [fit]);
  useEffect(() => {
    const seen = new ResizeObserver(fit);
    if (frame) seen.observe(frame);
    return () => seen.disconnect();
  }, [frame, fit]);
  const zoomAt = useCallback(
    (factor: number, at: Pointer) =>
      change((now) => zoomed(now, factor, at, Math.min(fitZoom(size, extent()), 0.1))),
    [change, size, extent],
  );
  useGestures(frame, parts, change, zoomAt);
  return {
    frame: setFrame,
    view,
    fit,
    setSize,
    zoomBy: (steps) => zoomAt(STEP ** steps, { x: 0, y: 0 }),
    whole: () => change((now) => ({ ...now, zoom: 1 })),
  };
}

type Change = (next: (view: PictureView) => PictureView) => void;
type ZoomAt = (factor: number, at: Pointer) => void;

/** One pointer moves the picture, two zoom it, the wheel zooms at the pointer. */
function useGestures(element: HTMLDivElement | null, parts: number, change: Change, zoomAt: ZoomAt): void {
  useEffect(() => {
    if (!element) return;
    const down = new Map<number, Pointer>();
    const local = (event: { clientX: number; clientY: number }): Pointer => {
      const box = element.getBoundingClientRect();
      const column = box.width / parts;
      const x = (event.clientX - box.left) % column;
      return { x: x - column / 2, y: event.clientY - box.top - box.height / 2 };
    };
    const press = (event: PointerEvent) => {
      if (
        event.target instanceof Element &&
        event.target.closest("button, input, [role=slider], audio, video")
      )
        return;
      element.setPointerCapture(event.pointerId);
      down.set(event.pointerId, local(event));
    };
    const move = (event: PointerEvent) => {
      const before = down.get(event.pointerId);
      if (!before) return;
      const now = local(event);
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      down.set(event.pointerId, now);
      if (!other) change((view) => ({ ...view, x: view.x + now.x - before.x, y: view.y + now.y - before.y }));
      else zoomAt(apart(now, other) / Math.max(apart(before, other), 1), between(now, other));
    };
    const release = (event: PointerEvent) => down.delete(event.pointerId);
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), local(event));
    };
    const ends = new AbortController();
    const { signal } = ends;
    element.addEventListener("pointerdown", press, { signal });
    element.addEventListener("pointermove", move, { signal });
    for (const name of ["pointerup", "pointercancel"] as const) {
      element.addEventListener(name, release, { signal });
    }
    element.addEventListener("wheel", wheel, { signal, passive: false });
    return () => ends.abort();
  }, [element, parts, change, zoomAt]);
}

const apart = (one: Pointer, other: Pointer): number => Math.hypot(one.x - other.x, one.y - other.y);
const between = (one: Pointer, other: Pointer): Pointer => ({
  x: (one.x + other.x) / 2,
  y: (one.y + other.y) / 2,
});
