/** Moves the frame of a subgraph's inputs or outputs on its sheet. */

import type { Json, JsonObject, Point } from "@/document/records";
import { SUBGRAPH_INPUT } from "@/document/records";
import type { Scene } from "../scene";
import type { End } from "../subgraph-ends";
import type { Gesture } from "./gesture";

/** Begin to move one end of a subgraph. */
export function dragEnd(scene: Scene, end: End, from: Point): Gesture {
  const gesture = scene.store.gesture("canvas.move");
  const key = end.side === SUBGRAPH_INPUT ? "inputNode" : "outputNode";
  return {
    move: ({ at }) => {
      const x = Math.round(end.rect.x + at[0] - from[0]);
      const y = Math.round(end.rect.y + at[1] - from[1]);
      gesture.update((tx) => {
        const sheet = tx.sheet(scene.scope);
        const before = sheet.rest[key] as JsonObject | undefined;
        const bounding: Json = [x, y, end.rect.width, end.rect.height];
        tx.put({ ...sheet, rest: { ...sheet.rest, [key]: { id: end.side, ...before, bounding } } });
      });
    },
    end: () => gesture.commit(),
    click: () => gesture.cancel(),
    cancel: () => gesture.cancel(),
  };
}
