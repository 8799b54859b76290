/** Selects what a rectangle touches. */

import type { Point, RecordId } from "@/document/records";
import { activeDocument, useSession } from "@/editor/session";
import { between, overlap, type Rect, within } from "@/geometry/rect";
import { setCanvasState } from "../canvas-state";
import type { Scene } from "../scene";
import type { Gesture, Press } from "./gesture";

/** Make some things the selection of the shown sheet. */
export function select(ids: Iterable<RecordId>): void {
  const document = activeDocument();
  if (!document) return;
  const next = new Set(ids);
  const { selection } = document;
  if (next.size === selection.size && [...next].every((id) => selection.has(id))) return;
  useSession.getState().amend(document.id, { selection: next });
}

/** Return what is selected on the shown sheet. */
export const selected = (): ReadonlySet<RecordId> => activeDocument()?.selection ?? new Set();

/** Return what a rectangle touches; of groups those that lie wholly in it. */
function touched(scene: Scene, box: Rect): Set<RecordId> {
  const found = new Set<RecordId>();
  for (const { id, box: node } of scene.nodes.values()) if (overlap(node, box)) found.add(id);
  for (const { id, at } of scene.reroutes.values())
    if (overlap({ x: at[0], y: at[1], width: 0, height: 0 }, box)) found.add(id);
  for (const { id, rect } of scene.groups.values()) if (within(rect, box)) found.add(id);
  return found;
}

/** Begin a rectangle: what it touches becomes the selection. Shift adds that to it, Alt takes it away. */
export function selectBox(scene: Scene, from: Point): Gesture {
  const before = selected();
  return {
    move: (press: Press) => {
      const box = between(from, press.at);
      setCanvasState({ box });
      const found = touched(scene, box);
      if (press.alt) select([...before].filter((id) => !found.has(id)));
      else select(press.shift ? [...before, ...found] : found);
    },
    end: () => setCanvasState({ box: null }),
    cancel: () => {
      setCanvasState({ box: null });
      select(before);
    },
  };
}
