/** Resizes nodes and groups by their lower right corner. */

import { amendGroup } from "@/document/groups";
import { resizeNode, sizeOf } from "@/document/nodes";
import type { Point } from "@/document/records";
import { setting } from "@/editor/settings";
import type { GroupItem, NodeItem, Scene } from "../scene";
import type { Gesture } from "./gesture";

const MIN_NODE = [100, 26] as const;
const MIN_GROUP = [120, 60] as const;

const snap = (value: number): number => {
  const grid = setting("snapToGrid") ? setting("gridSize") : 1;
  return Math.round(value / grid) * grid;
};

/** Begin to resize a node. */
export function resizeItem(scene: Scene, item: NodeItem, from: Point): Gesture {
  const gesture = scene.store.gesture("canvas.resize");
  const { box, record } = item;
  const begin: Point = [box.width, Math.max(sizeOf(record.raw)[1], box.height - box.title)];
  return {
    move: ({ at }) => {
      const width = Math.max(MIN_NODE[0], snap(begin[0] + at[0] - from[0]));
      const height = Math.max(MIN_NODE[1], snap(begin[1] + at[1] - from[1]));
      gesture.update((tx) => resizeNode(tx, scene.scope, record.raw.id, [width, height]));
    },
    end: () => gesture.commit(),
    click: () => gesture.cancel(),
    cancel: () => gesture.cancel(),
  };
}

/** Begin to resize a group. */
export function resizeGroup(scene: Scene, item: GroupItem, from: Point): Gesture {
  const gesture = scene.store.gesture("canvas.resize");
  const { rect, record } = item;
  return {
    move: ({ at }) => {
      const width = Math.max(MIN_GROUP[0], snap(rect.width + at[0] - from[0]));
      const height = Math.max(MIN_GROUP[1], snap(rect.height + at[1] - from[1]));
      gesture.update((tx) =>
        amendGroup(tx, scene.scope, record.key, { bounding: [rect.x, rect.y, width, height] }),
      );
    },
    end: () => gesture.commit(),
    click: () => gesture.cancel(),
    cancel: () => gesture.cancel(),
  };
}
