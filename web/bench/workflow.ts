/** A workflow that is opened. */

import { readFileSync } from "node:fs";

/** A file in UI format and what the measurements know of it. */
export interface Workflow {
  readonly path: string;
  /** Number of its nodes. */
  readonly nodes: number;
  /** The last nodes of two chains near the middle; to the right of each is nothing. */
  readonly ends: readonly [Corner, Corner];
  /** Where the leftmost nodes begin, in canvas pixels. */
  readonly left: number;
}

/** A node and where its corner is on the canvas. */
export interface Corner {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

interface Saved {
  readonly nodes: readonly {
    readonly id: number;
    readonly type: string;
    readonly pos: readonly [number, number];
  }[];
}

/** Read a workflow that `bench/canvas_graphs.py` wrote. */
export function workflowOf(path: string): Workflow {
  const { nodes }: Saved = JSON.parse(readFileSync(path, "utf8"));
  const ends = nodes.filter(({ type }) => type === "SaveImage");
  const xs = nodes.map(({ pos }) => pos[0]);
  const ys = nodes.map(({ pos }) => pos[1]);
  const middle = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2] as const;
  const away = ({ pos }: Saved["nodes"][number]): number =>
    Math.hypot(pos[0] - middle[0], pos[1] - middle[1]);
  const [first, second] = [...ends].sort((a, b) => away(a) - away(b)).map(cornerOf);
  if (!first || !second) throw new Error(`${path} has fewer than two chains`);
  return { path, nodes: nodes.length, ends: [first, second], left: Math.min(...xs) };
}

const cornerOf = ({ id, pos }: Saved["nodes"][number]): Corner => ({ id: String(id), x: pos[0], y: pos[1] });
