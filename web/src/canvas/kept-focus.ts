/** Keeps the keyboard on the canvas when what it is on is taken away. */

import { type RefObject, useEffect, useRef } from "react";
import type { RecordId } from "@/document/records";
import { middle, type Rect } from "@/geometry/rect";
import { focusStage, giveFocus } from "./camera";
import { canvasState } from "./canvas-state";
import type { Scene } from "./scene";

/** Return what lies nearest to a place; undefined on an empty sheet. */
export function nearestThing(scene: Scene, place: Rect): RecordId | undefined {
  const [x, y] = middle(place);
  let best = Infinity;
  let found: RecordId | undefined;
  for (const [id, rect] of scene.reachable()) {
    const [ax, ay] = middle(rect);
    const distance = Math.hypot(ax - x, ay - y);
    if (distance < best) [best, found] = [distance, id];
  }
  return found;
}

/** Whether nothing has the focus: what had it is no longer there. */
const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

const give = (id: RecordId | undefined): void => {
  if (!isLost()) return;
  if (id === undefined) focusStage();
  else giveFocus(id);
};

/** What the keyboard is on within the canvas, and where it was last; null for the canvas itself. */
interface Place {
  readonly id: RecordId | null;
  rect: Rect | null;
}

/**
 * Where what has the focus is deleted or undone, the focus goes to what lies nearest; where another sheet or
 * workflow is shown, to the first node of that. Who is elsewhere is left alone.
 */
export function useKeptFocus(scene: Scene, element: RefObject<HTMLElement | null>): void {
  const place = useRef<Place | null>(null);
  useEffect(() => {
    const note = ({ target }: FocusEvent) => {
      const inside = target instanceof Element && element.current?.contains(target);
      const id = inside ? (target.closest<HTMLElement>("[data-node]")?.dataset.node ?? null) : null;
      place.current = inside ? { id, rect: null } : null;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, [element]);
  useEffect(() => {
    const first = requestAnimationFrame(() => {
      const { focused } = canvasState();
      const reached = focused !== null && scene.rectOf(focused) ? focused : scene.order[0];
      if (place.current) give(reached);
    });
    const stop = scene.subscribe(() => {
      const now = place.current;
      if (!now?.id) return;
      const rect = scene.rectOf(now.id);
      // The element goes when the page is drawn next, and the focus with it.
      if (rect) now.rect = rect;
      else requestAnimationFrame(() => give(now.rect ? nearestThing(scene, now.rect) : scene.order[0]));
    });
    return () => {
      cancelAnimationFrame(first);
      stop();
    };
  }, [scene]);
}
