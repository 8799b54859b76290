/** What every painter of the canvas draws with. */

import type { View } from "@/geometry/view";
import type { Theme } from "../theme-colors";

/** What paints: the context, the view that its pixels are seen in, and the colours. */
export interface Brush {
  readonly ctx: CanvasRenderingContext2D;
  readonly view: View;
  readonly theme: Theme;
}

/** How much of a node is drawn: all; its frame and a name; a mere box. */
export type Detail = "full" | "card" | "box";

/** Return what is drawn at a zoom. Below 45 % even titles would be too small to be read in their place. */
export function detailAt(zoom: number): Detail {
  if (zoom >= 0.45) return "full";
  return zoom >= 0.1 ? "card" : "box";
}

/** Return the text cut to a width in canvas pixels, with an ellipsis where something is missing. */
export function cutText(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (width <= 0) return "";
  const key = `${ctx.font}\n${Math.round(width)}\n${text}`;
  const known = cuts.get(key);
  if (known !== undefined) return known;
  if (cuts.size > 20_000) cuts.clear();
  const cut = measureCut(ctx, text, width);
  cuts.set(key, cut);
  return cut;
}

const cuts = new Map<string, string>();

function measureCut(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  const line = text.length > 400 ? text.slice(0, 400) : text;
  if (ctx.measureText(line).width <= width) return line;
  let [low, high] = [0, line.length];
  while (low < high) {
    const half = (low + high + 1) >> 1;
    if (ctx.measureText(`${line.slice(0, half)}…`).width <= width) low = half;
    else high = half - 1;
  }
  return low === 0 ? "" : `${line.slice(0, low).trimEnd()}…`;
}

/** Break a text into lines of a width in canvas pixels, at most `most` of them; the last one is cut. */
export function breakText(
  ctx: CanvasRenderingContext2D,
  text: string,
  width: number,
  most: number,
): readonly string[] {
  const key = `${ctx.font}\n${Math.round(width)}\n${most}\n${text}`;
  const known = breaks.get(key);
  if (known) return known;
  if (breaks.size > 5_000) breaks.clear();
  const lines = measureBreaks(ctx, text.slice(0, 4_000), width, most);
  breaks.set(key, lines);
  return lines;
}

const breaks = new Map<string, readonly string[]>();
/** Where a line may end: behind spaces and signs, between Chinese characters, within names such as `MaskPreview`. */
const BREAKS = /(?<=[\s\-/_,.])|(?<=[\u3000-\u9fff\uff00-\uffef])|(?<=[a-z\d])(?=[A-Z][a-z])/;

function measureBreaks(ctx: CanvasRenderingContext2D, text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(BREAKS)) {
      if (line !== "" && ctx.measureText(line + word.trimEnd()).width > width) {
        lines.push(line.trimEnd());
        line = "";
      }
      line += word;
      if (lines.length > most) break;
    }
    lines.push(line.trimEnd());
    if (lines.length > most) break;
  }
  if (lines.length > most) {
    lines.length = most;
    const last = lines[most - 1];
    if (last !== undefined) lines[most - 1] = `${last}…`;
  }
  return lines.map((line) => cutText(ctx, line, width));
}

/** Begin a path around a rectangle with round corners. */
export function roundRect(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number | readonly number[],
): void {
  ctx.beginPath();
  ctx.roundRect(x, y, width, height, radius as number | number[]);
}
