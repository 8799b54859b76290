/** Aligns, spaces and arranges what is on the shown sheet: by the sizes that things are drawn with. */

import { moveItems, positionOf } from "@/document/nodes";
import type { Point, RecordId, Size } from "@/document/records";
import type { Rect } from "@/geometry/rect";
import { text } from "@/i18n/language";
import { toast } from "@/ui/toast";
import { fitView, shownScene } from "./camera";
import type { Scene } from "./scene";

/**
 * The edge or the middle that things are brought to: `left`, `centre` and `right` across, the others down.
 */
export type Alignment = "left" | "centre" | "right" | "top" | "middle" | "bottom";

interface Placed {
  readonly id: RecordId;
  readonly rect: Rect;
}

function placed(scene: Scene, ids: Iterable<RecordId>): Placed[] {
  return [...ids].flatMap((id) => {
    const rect = scene.rectOf(id);
    const pinned = scene.nodes.get(id)?.record.raw.flags?.pinned === true;
    return rect && !pinned ? [{ id, rect }] : [];
  });
}

/** Move things so that their rectangles begin at new corners. */
function moveTo(scene: Scene, label: string, corners: ReadonlyMap<RecordId, Point>): void {
  const moves = new Map<RecordId, Point>();
  for (const [id, [x, y]] of corners) {
    const rect = scene.rectOf(id);
    const node = scene.nodes.get(id);
    const from: Point | undefined = node
      ? positionOf(node.record.raw)
      : (scene.reroutes.get(id)?.at ?? (rect && [rect.x, rect.y]));
    if (rect && from) moves.set(id, [Math.round(from[0] + x - rect.x), Math.round(from[1] + y - rect.y)]);
  }
  scene.store.transact(label, (tx) => moveItems(tx, moves));
}

function cornerOf(rect: Rect, bounds: Rect, how: Alignment): Point {
  switch (how) {
    case "left":
      return [bounds.x, rect.y];
    case "centre":
      return [bounds.x + (bounds.width - rect.width) / 2, rect.y];
    case "right":
      return [bounds.x + bounds.width - rect.width, rect.y];
    case "top":
      return [rect.x, bounds.y];
    case "middle":
      return [rect.x, bounds.y + (bounds.height - rect.height) / 2];
    case "bottom":
      return [rect.x, bounds.y + bounds.height - rect.height];
  }
}

/** Align things with the rectangle around them. */
export function align(scene: Scene, ids: Iterable<RecordId>, how: Alignment): void {
  const items = placed(scene, ids);
  const bounds = scene.bounds(items.map(({ id }) => id));
  if (!bounds) return;
  moveTo(scene, "canvas.align", new Map(items.map(({ id, rect }) => [id, cornerOf(rect, bounds, how)])));
}

/** Put the same space between things, along an axis; the outermost two stay. */
export function distribute(scene: Scene, ids: Iterable<RecordId>, axis: "x" | "y"): void {
  const extent = axis === "x" ? "width" : "height";
  const items = placed(scene, ids).sort((a, b) => a.rect[axis] - b.rect[axis]);
  const [first, last] = [items[0], items.at(-1)];
  if (!first || !last || items.length < 3) return;
  const whole = last.rect[axis] + last.rect[extent] - first.rect[axis];
  const gap = (whole - items.reduce((sum, { rect }) => sum + rect[extent], 0)) / (items.length - 1);
  const corners = new Map<RecordId, Point>();
  let at = first.rect[axis];
  for (const { id, rect } of items) {
    corners.set(id, axis === "x" ? [at, rect.y] : [rect.x, at]);
    at += rect[extent] + gap;
  }
  moveTo(scene, "canvas.align", corners);
}

/** Arrange all nodes of the sheet in the direction of the wires. */
export async function arrange(scene: Scene): Promise<void> {
  const { applyArrangement, arrangeAutomatically } = await import("@/document/layout");
  const sizes = new Map<RecordId, Size>();
  for (const { id, box } of scene.nodes.values()) sizes.set(id, [box.width, box.height - box.title]);
  const moves = await arrangeAutomatically(scene.store.records, scene.scope, sizes);
  if (moves.size === 0) return;
  scene.store.transact("canvas.arrange", (tx) => applyArrangement(tx, scene.scope, moves, sizes));
  toast({ text: text("canvas.arranged", { count: moves.size }), kind: "success", key: "arrange" });
  // Another sheet may have been opened while this one was arranged.
  const shown = shownScene();
  if (shown?.store === scene.store && shown.scope === scene.scope) fitView();
}
