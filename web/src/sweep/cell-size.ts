/** How large cells are drawn. */

/** Sides of a cell in CSS pixels. */
export const SIZE = { min: 96, max: 512, step: 8 } as const;

/** What the window's frame, its bars and the labels at the edges of the grid take, and what lies between cells. */
const AROUND = { width: 190, height: 250 } as const;
const GAP = 6;

/** Return the side with which all columns and rows are seen in a window, as far as the limits allow. */
export function fittingSize(columns: number, rows: number, width: number, height: number): number {
  const across = (width - AROUND.width) / Math.max(columns, 1) - GAP;
  const down = (height - AROUND.height) / Math.max(rows, 1) - GAP;
  const side = Math.floor(Math.min(across, down) / SIZE.step) * SIZE.step;
  return Math.min(SIZE.max, Math.max(SIZE.min, side));
}
