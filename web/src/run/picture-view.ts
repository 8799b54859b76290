/** How a picture is looked at in a frame: how large, and which part of it. */

/** The middle of the picture is drawn at (x, y) from the middle of the frame; `zoom` 1 is one pixel for one. */
export interface PictureView {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** A size, in CSS pixels or in those of a picture. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

const MOST = 16;

/** The most that a small picture is enlarged by when it is fitted. */
const MOST_FITTED = 8;

/** Return the zoom at which a picture fills its frame. */
export function fitZoom(picture: Extent, frame: Extent): number {
  if (picture.width === 0 || picture.height === 0) return 1;
  return Math.min(frame.width / picture.width, frame.height / picture.height, MOST_FITTED);
}

/** Return the view that shows all of a picture. */
export const fitted = (picture: Extent, frame: Extent): PictureView => ({
  x: 0,
  y: 0,
  zoom: fitZoom(picture, frame),
});

/** Return a view zoomed by a factor, with the point (x, y) from the middle of the frame staying in its place. */
export function zoomed(
  view: PictureView,
  factor: number,
  at: { readonly x: number; readonly y: number },
  smallest: number,
): PictureView {
  const zoom = Math.min(Math.max(view.zoom * factor, smallest), MOST);
  const by = zoom / view.zoom;
  return { zoom, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by };
}

/** Return a view that leaves no more empty space at the sides of the frame than it must. */
export function kept(view: PictureView, picture: Extent, frame: Extent): PictureView {
  const room = (side: number, space: number) => Math.max((side * view.zoom - space) / 2, 0);
  const [wide, high] = [room(picture.width, frame.width), room(picture.height, frame.height)];
  const x = Math.min(Math.max(view.x, -wide), wide);
  const y = Math.min(Math.max(view.y, -high), high);
  return { ...view, x, y };
}
