/** A picture of the sheet that is shown: all of it, as the canvas draws it. */

import { SUBGRAPH_INPUT } from "@/document/records";
import { setting } from "@/editor/settings";
import type { Rect } from "@/geometry/rect";
import { text } from "@/i18n/language";
import { shownScene } from "./camera";
import { type Brush, detailAt } from "./paint/brush";
import { paintEnd, paintGroups } from "./paint/paint-groups";
import { paintNode } from "./paint/paint-node";
import { paintReroutes, paintWires } from "./paint/paint-wires";
import type { Scene } from "./scene";
import { theme } from "./theme-colors";

/** Space around everything, in canvas pixels. */
const EDGE = 40;
/** The longest side of a picture, in pixels; a larger sheet is drawn smaller. */
const LONGEST = 8192;
/** Pixels for one canvas pixel where there is room: sharp enough to be read when it is printed. */
const SCALE = 2;

/** Return the picture as PNG; null where the sheet is empty, or the browser cannot draw it. */
export async function graphPicture(): Promise<Blob | null> {
  const scene = shownScene();
  const bounds = scene?.bounds();
  if (!scene || !bounds) return null;
  const part = {
    x: bounds.x - EDGE,
    y: bounds.y - EDGE,
    width: bounds.width + 2 * EDGE,
    height: bounds.height + 2 * EDGE,
  };
  const zoom = Math.min(SCALE, LONGEST / Math.max(part.width, part.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(part.width * zoom);
  canvas.height = Math.round(part.height * zoom);
  const ctx = canvas.getContext("2d");
  if (!ctx) return null;
  ctx.fillStyle = theme().background;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  const view = { x: -part.x * zoom, y: -part.y * zoom, zoom };
  ctx.setTransform(zoom, 0, 0, zoom, view.x, view.y);
  paintAll({ ctx, view, theme: theme() }, scene, part);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function paintAll(brush: Brush, scene: Scene, part: Rect): void {
  paintGroups(brush, scene, part);
  paintWires(brush, scene, part, setting("linkStyle"));
  paintReroutes(brush, scene, part);
  for (const end of scene.ends) {
    paintEnd(brush, end, text(end.side === SUBGRAPH_INPUT ? "canvas.inputs" : "canvas.outputs"));
  }
  for (const id of scene.order) {
    const item = scene.nodes.get(id);
    if (item) paintNode(brush, item, detailAt(brush.view.zoom));
  }
}
