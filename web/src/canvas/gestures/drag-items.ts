/** Moves nodes, groups and reroutes. The document changes once, when they are let go. */

import { itemsInGroup } from "@/document/groups";
import { flagOf, moveItems, positionOf } from "@/document/nodes";
import type { Point, RecordId } from "@/document/records";
import type { Transaction } from "@/document/transaction";
import { setting } from "@/editor/settings";
import { around, overlap, type Rect } from "@/geometry/rect";
import { type Guide, snapToEdges } from "@/geometry/snap";
import { cameraView, seenPart } from "../camera";
import { setCanvasState } from "../canvas-state";
import type { Scene } from "../scene";
import { enterWire, looseNode, wireToEnter } from "./enter-wire";
import type { Gesture, Press } from "./gesture";

/** How near edges snap, in CSS pixels. */
const SNAP = 6;

/** Return what moves with some things: all that lies in groups among them; nothing that is pinned. */
export function movedWith(scene: Scene, ids: Iterable<RecordId>): Set<RecordId> {
  const moved = new Set<RecordId>();
  for (const id of ids) {
    const group = scene.groups.get(id);
    moved.add(id);
    if (group) for (const inside of itemsInGroup(scene.store.records, group.record)) moved.add(inside);
  }
  for (const id of moved) {
    const node = scene.nodes.get(id);
    if (node && flagOf(node.record.raw, "pinned")) moved.delete(id);
  }
  return moved;
}

/** Return where the parts are, as the file counts: of a node, the corner of its body. */
function placeOf(scene: Scene, id: RecordId): Point | undefined {
  const node = scene.nodes.get(id);
  if (node) return positionOf(node.record.raw);
  const group = scene.groups.get(id);
  if (group) return [group.rect.x, group.rect.y];
  return scene.reroutes.get(id)?.at;
}

/** Return where things come to when they are moved by an offset in canvas pixels. */
function movesBy(scene: Scene, ids: Iterable<RecordId>, [dx, dy]: Point): ReadonlyMap<RecordId, Point> {
  const moves = new Map<RecordId, Point>();
  for (const id of ids) {
    const place = placeOf(scene, id);
    if (place) moves.set(id, [place[0] + dx, place[1] + dy]);
  }
  return moves;
}

/**
 * Move things by an offset in canvas pixels, as one step of undo.
 *
 * @param merge Steps with the same key that follow each other become one.
 */
export function moveBy(scene: Scene, ids: Iterable<RecordId>, offset: Point, merge = ""): void {
  const moves = movesBy(scene, ids, offset);
  scene.store.transact("canvas.move", (tx) => moveItems(tx, moves), merge);
}

/** Return where the offset ends up with snapping, and the lines that say why. */
function snapped(
  bounds: Rect,
  others: readonly Rect[],
  offset: Point,
): { offset: Point; guides: readonly Guide[] } {
  const moved = { ...bounds, x: bounds.x + offset[0], y: bounds.y + offset[1] };
  const {
    offset: [dx, dy],
    guides,
  } = snapToEdges(moved, others, SNAP / cameraView().zoom);
  const grid = setting("snapToGrid") ? setting("gridSize") : 0;
  const onGrid = (value: number) => (grid > 0 ? Math.round(value / grid) * grid - value : 0);
  const alongX = guides.some(({ from, to }) => from[0] === to[0]);
  const alongY = guides.some(({ from, to }) => from[1] === to[1]);
  const x = alongX ? dx : onGrid(moved.x);
  const y = alongY ? dy : onGrid(moved.y);
  return { offset: [Math.round(offset[0] + x), Math.round(offset[1] + y)], guides };
}

/** Writes what a drag has changed, as one step of undo. */
type Write = (change: (tx: Transaction) => void) => void;

/**
 * Begin to move things from where the pointer was pressed. A node that has no wires goes into the wire that it
 * is let go on, unless Alt is held down.
 */
export function dragItems(
  scene: Scene,
  ids: Iterable<RecordId>,
  from: Point,
  click: () => void,
  write: Write = (change) => scene.store.transact("canvas.move", change),
): Gesture {
  const moved = movedWith(scene, ids);
  const bounds = around([...moved].map((id) => scene.rectOf(id)).filter((rect) => rect !== undefined));
  let others: readonly Rect[] | null = null;
  let offset: Point = [0, 0];
  let into: RecordId | null = null;
  const loose = looseNode(scene, moved);
  const neighbours = () => {
    const seen = seenPart();
    others ??= [...scene.nodes.values()]
      .filter(({ id, box }) => !moved.has(id) && overlap(box, seen))
      .map(({ box }) => box);
    return others.length > 300 ? [] : others;
  };
  const move = (press: Press) => {
    const free: Point = [press.at[0] - from[0], press.at[1] - from[1]];
    if (!bounds) return;
    const result = press.alt ? { offset: free, guides: [] } : snapped(bounds, neighbours(), free);
    offset = result.offset;
    into = loose && !press.alt ? wireToEnter(scene, loose, offset) : null;
    setCanvasState({ drag: { ids: moved, offset, guides: result.guides }, hoveredWire: into });
  };
  const done = () => setCanvasState({ drag: null, ...(into !== null && { hoveredWire: null }) });
  return {
    move,
    end: () => {
      if (offset[0] !== 0 || offset[1] !== 0) {
        const moves = movesBy(scene, moved, offset);
        write((tx) => {
          moveItems(tx, moves);
          if (loose && into !== null) enterWire(tx, scene, loose, into);
        });
      }
      done();
    },
    click,
    cancel: done,
  };
}
