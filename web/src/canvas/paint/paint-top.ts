/** Draws what is dragged, selected or pointed at, over everything that stays. */

import type { RecordId } from "@/document/records";
import { TITLE } from "@/geometry/node-box";
import { overlap, type Rect } from "@/geometry/rect";
import { canvasState } from "../canvas-state";
import type { Scene, Shift } from "../scene";
import { type Brush, detailAt, roundRect } from "./brush";
import { movingWires } from "./moving-wires";
import { paintGroups } from "./paint-groups";
import { paintLooseWires } from "./paint-loose-wires";
import { paintNode } from "./paint-node";
import { paintBrightWires, paintReroutes } from "./paint-wires";
import type { PainterInput } from "./painter-input";
import { runMarks } from "./run-marks";

/** Draw the upper canvas. */
export function paintTop(brush: Brush, scene: Scene, part: Rect, input: PainterInput): void {
  const { drag, hoveredWire, wiring } = canvasState();
  const selection = input.selection();
  const style = input.wireStyle();
  const shift: Shift | undefined = drag ? (id) => (drag.ids.has(id) ? drag.offset : undefined) : undefined;
  const only = (id: RecordId) => drag?.ids.has(id) ?? false;
  if (drag) paintGroups(brush, scene, part, { ...(shift && { shift }), only });
  const moving = drag ? movingWires(scene, drag.ids) : new Set<RecordId>();
  paintBrightWires(brush, scene, moving, style, { ...(shift && { shift }), bright: moving.size <= 60 });
  if (!drag) paintBrightWires(brush, scene, wiresOfSelection(scene, selection, wiring?.taken), style);
  if (hoveredWire) paintBrightWires(brush, scene, [hoveredWire], style);
  if (drag && shift) {
    paintLooseWires(brush, scene, { shift, only: (through) => through.some(only) });
    paintReroutes(brush, scene, part, { shift, only });
    paintMoved(brush, scene, part, input);
  }
  paintFrames(brush, scene, selection, part, input, shift);
  paintRuns(brush, scene, part, input);
}

/** Wires of a small selection stand out; of a large one that would be all. */
function wiresOfSelection(
  scene: Scene,
  selection: ReadonlySet<RecordId>,
  taken: ReadonlySet<RecordId> | undefined,
): Set<RecordId> {
  const wires = new Set<RecordId>();
  if (selection.size > 12) return wires;
  for (const id of selection) {
    const node = scene.nodes.get(id);
    if (node) for (const wire of scene.wiresAt(node.record.raw.id)) if (!taken?.has(wire)) wires.add(wire);
  }
  return wires;
}

function paintMoved(brush: Brush, scene: Scene, part: Rect, input: PainterInput): void {
  const { drag } = canvasState();
  if (!drag) return;
  const { ctx, view } = brush;
  const [dx, dy] = drag.offset;
  const detail = detailAt(view.zoom);
  const from = { ...part, x: part.x - dx, y: part.y - dy };
  ctx.save();
  ctx.translate(dx, dy);
  for (const id of drag.ids) {
    const item = scene.nodes.get(id);
    if (item && overlap(item.box, from) && !input.isMounted(id)) paintNode(brush, item, detail);
  }
  ctx.restore();
}

function paintFrames(
  { ctx, view, theme }: Brush,
  scene: Scene,
  selection: ReadonlySet<RecordId>,
  part: Rect,
  input: PainterInput,
  shift: Shift | undefined,
): void {
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 2 / view.zoom;
  const gap = 3 / view.zoom;
  for (const id of selection) {
    const rect = scene.rectOf(id);
    if (!rect || input.isMounted(id)) continue;
    const [dx, dy] = shift?.(id) ?? [0, 0];
    const moved = {
      ...rect,
      x: rect.x + dx - gap,
      y: rect.y + dy - gap,
      width: rect.width + 2 * gap,
      height: rect.height + 2 * gap,
    };
    if (!overlap(moved, part)) continue;
    roundRect(ctx, moved.x, moved.y, moved.width, moved.height, 8 + gap);
    ctx.stroke();
  }
}

/** Frame the nodes that are running or failed, and show how far they are. */
function paintRuns({ ctx, view, theme }: Brush, scene: Scene, part: Rect, input: PainterInput): void {
  for (const [id, { state, share }] of runMarks()) {
    const box = scene.nodes.get(id)?.box;
    if (!box || input.isMounted(id) || !overlap(box, part)) continue;
    ctx.strokeStyle = state === "failed" ? theme.danger : theme.success;
    ctx.lineWidth = 2 / view.zoom;
    roundRect(ctx, box.x, box.y, box.width, box.height, 8);
    ctx.stroke();
    if (state === "failed") continue;
    const height = Math.max(3, 3 / view.zoom);
    ctx.fillStyle = theme.success;
    ctx.fillRect(box.x, box.y + TITLE - height, box.width * (share ?? 0.3), height);
  }
}
