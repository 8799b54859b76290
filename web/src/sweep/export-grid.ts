/** A grid as one picture with its labels, for those who were not there. */

import { download } from "@/files/export";
import { extent, type Place } from "./cells";
import { type Cell, resultsOf, type Sweep } from "./sweep-state";

/** Where everything is in the picture, in its pixels. */
export interface GridLayout {
  readonly cell: readonly [width: number, height: number];
  readonly columns: number;
  readonly rows: number;
  readonly pages: number;
  /** Room for the labels at the left, and above each page. */
  readonly left: number;
  readonly above: number;
  readonly width: number;
  readonly height: number;
}

const LARGEST = 512;
/** Browsers draw no larger pictures. */
const MOST_SIDE = 16_000;
const FONT = 16;
const GAP = 6;

/** Return the layout of a grid whose pictures have a size; they become smaller where all would be too large. */
export function gridLayout(
  counts: readonly [number, number, number],
  size: readonly [number, number],
  left: number,
): GridLayout {
  const [columns, rows, pages] = counts;
  const above = FONT * 3;
  const room = Math.min(
    LARGEST / Math.max(...size),
    (MOST_SIDE - left) / columns / size[0],
    (MOST_SIDE / pages - above) / rows / size[1],
  );
  const scale = Math.max(Math.min(1, room), 0.01);
  const cell = [Math.max(1, Math.floor(size[0] * scale)), Math.max(1, Math.floor(size[1] * scale))] as const;
  return {
    cell,
    columns,
    rows,
    pages,
    left,
    above,
    width: left + columns * (cell[0] + GAP),
    height: pages * (above + rows * (cell[1] + GAP)),
  };
}

/** Return the upper left corner of a cell. */
export function cornerOf(layout: GridLayout, [across, down, page]: Place): readonly [number, number] {
  const { cell, left, above, rows } = layout;
  const pageTop = page * (above + rows * (cell[1] + GAP));
  return [left + across * (cell[0] + GAP), pageTop + above + down * (cell[1] + GAP)];
}

/** Draw all pages of a sweep below each other and save them as a PNG file. Throws where a picture cannot be read. */
export async function exportGrid(sweep: Sweep, title: string): Promise<void> {
  const pictures = await Promise.all(sweep.cells.map(pictureOf));
  const first = pictures.find((picture) => picture !== null);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!pen || !first) throw new Error("no picture");
  pen.font = `${FONT}px sans-serif`;
  const [, down] = sweep.axes;
  const widest = Math.max(
    0,
    ...(down ? [down.name, ...down.values.map(({ label }) => label)] : []).map(
      (label) => pen.measureText(label).width,
    ),
  );
  const layout = gridLayout(
    extent(sweep.axes.map(({ values }) => values)),
    [first.naturalWidth, first.naturalHeight],
    down ? Math.min(260, Math.ceil(widest) + 2 * GAP) : 0,
  );
  canvas.width = layout.width;
  canvas.height = layout.height;
  drawLabels(pen, sweep, layout);
  for (const [at, { place }] of sweep.cells.entries()) {
    const picture = pictures[at];
    if (picture) drawPicture(pen, picture, layout, place);
  }
  const file = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!file) throw new Error(`${layout.width} × ${layout.height}`);
  download(`${title} sweep.png`, file, "image/png");
}

async function pictureOf(cell: Cell): Promise<HTMLImageElement | null> {
  const item = resultsOf(cell).find(({ kind }) => kind === "image");
  if (!item) return null;
  const picture = new Image();
  picture.src = item.url;
  await picture.decode();
  return picture;
}

function drawPicture(
  pen: CanvasRenderingContext2D,
  picture: HTMLImageElement,
  layout: GridLayout,
  place: Place,
): void {
  const [x, y] = cornerOf(layout, place);
  const [width, height] = layout.cell;
  const scale = Math.min(width / picture.naturalWidth, height / picture.naturalHeight);
  const wide = picture.naturalWidth * scale;
  const high = picture.naturalHeight * scale;
  pen.drawImage(picture, x + (width - wide) / 2, y + (height - high) / 2, wide, high);
}

function drawLabels(pen: CanvasRenderingContext2D, sweep: Sweep, layout: GridLayout): void {
  const [across, down, paged] = sweep.axes;
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, layout.width, layout.height);
  pen.fillStyle = "#16181d";
  pen.font = `${FONT}px sans-serif`;
  pen.textBaseline = "middle";
  for (let page = 0; page < layout.pages; page++) {
    const [, top] = cornerOf(layout, [0, 0, page]);
    const heading = [paged && `${paged.name}: ${paged.values[page]?.label}`, across?.name]
      .filter(Boolean)
      .join("   ");
    pen.fillText(heading, GAP, top - FONT * 2.2, layout.width - GAP);
    for (const [at, { label }] of (across?.values ?? []).entries()) {
      const [x] = cornerOf(layout, [at, 0, page]);
      pen.fillText(label, x + GAP, top - FONT * 0.8, layout.cell[0] - GAP);
    }
    if (!down) continue;
    pen.fillText(down.name, GAP, top - FONT * 0.8, layout.left - GAP);
    for (const [at, { label }] of down.values.entries()) {
      const [, y] = cornerOf(layout, [0, at, page]);
      pen.fillText(label, GAP, y + layout.cell[1] / 2, layout.left - 2 * GAP);
    }
  }
}
