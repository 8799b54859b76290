/** How the picture lies in the window of the mask painter. */

/** Picture point (0, 0) is drawn at (x, y) in CSS pixels of the window; `scale` CSS pixels for one of the picture. */
export interface MaskView {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** A point, in pixels of the picture or of the screen. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

const LIMITS = { least: 0.05, most: 32 } as const;

/** Times that a small picture is enlarged at most to fill the window. */
const LARGEST = 16;

/** Return the view that shows the whole picture in the middle, small ones enlarged to fill it. */
export function wholePicture(
  width: number,
  height: number,
  picture: { width: number; height: number },
): MaskView {
  const room = 16;
  const scale = Math.min((width - room) / picture.width, (height - room) / picture.height, LARGEST);
  const fitted = Math.max(LIMITS.least, scale);
  return {
    x: (width - picture.width * fitted) / 2,
    y: (height - picture.height * fitted) / 2,
    scale: fitted,
  };
}

/** Return the view scaled by a factor, with one point of the window kept in place. */
export function scaledAt(view: MaskView, { x, y }: Spot, factor: number): MaskView {
  const scale = Math.min(LIMITS.most, Math.max(LIMITS.least, view.scale * factor));
  const ratio = scale / view.scale;
  return { x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio, scale };
}

/** Return the point of the picture under a point of the window. */
export const toPicture = (view: MaskView, { x, y }: Spot): Spot => ({
  x: (x - view.x) / view.scale,
  y: (y - view.y) / view.scale,
});
