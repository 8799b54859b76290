/** How the canvas is looked at: conversions between the screen and the canvas. */

import type { Point } from "@/document/records";
import type { Rect } from "./rect";

/** Canvas point (0, 0) is drawn at (x, y) CSS pixels from the corner of the view; `zoom` 1 is 100 %. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** The furthest out that can be looked from; 1 is 100 %. */
export const MIN_ZOOM = 0.02;
/** The closest that can be looked from; 1 is 100 %. */
export const MAX_ZOOM = 4;

/** Return the canvas point that is drawn at a point of the view. */
export const toCanvas = (view: View, [x, y]: Point): Point => [
  (x - view.x) / view.zoom,
  (y - view.y) / view.zoom,
];

/** Return the part of the canvas that a view of `width` by `height` CSS pixels shows. */
export const shownPart = (view: View, width: number, height: number): Rect => ({
  x: -view.x / view.zoom,
  y: -view.y / view.zoom,
  width: width / view.zoom,
  height: height / view.zoom,
});

/** Keep a zoom between the least and the greatest one. */
export const clampZoom = (zoom: number): number => Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));

/** Return the view with another zoom, in which one point of the view stays where it is. */
export function zoomedAt(view: View, [x, y]: Point, zoom: number): View {
  const next = clampZoom(zoom);
  const factor = next / view.zoom;
  return { x: x - (x - view.x) * factor, y: y - (y - view.y) * factor, zoom: next };
}

/** Space that is kept free at each edge of the view, in CSS pixels. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Return the view that shows a rectangle as large as it can, but no larger than `largest`. */
export function fitted(
  rect: Rect,
  width: number,
  height: number,
  {
    insets = { top: 48, right: 48, bottom: 48, left: 48 },
    largest = 1,
  }: { insets?: Insets; largest?: number } = {},
): View {
  const roomX = Math.max(80, width - insets.left - insets.right);
  const roomY = Math.max(80, height - insets.top - insets.bottom);
  const zoom = clampZoom(
    Math.min(largest, roomX / Math.max(1, rect.width), roomY / Math.max(1, rect.height)),
  );
  return {
    x: insets.left + (roomX - rect.width * zoom) / 2 - rect.x * zoom,
    y: insets.top + (roomY - rect.height * zoom) / 2 - rect.y * zoom,
    zoom,
  };
}

/** Return the view with the same zoom whose middle is a canvas point. */
export const centredOn = (view: View, [x, y]: Point, width: number, height: number): View => ({
  x: width / 2 - x * view.zoom,
  y: height / 2 - y * view.zoom,
  zoom: view.zoom,
});
