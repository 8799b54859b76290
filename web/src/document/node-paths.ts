/** Nodes by their paths: the ids of the subgraph instances around a node and its own, joined by `:`. */

import type { Records } from "./diff";
import { type FileId, type NodeRecord, nodeId, ROOT, type Scope, sheetOf } from "./records";

/** A node and where it stands. */
export interface PlacedNode {
  readonly path: string;
  readonly node: NodeRecord;
}

/** Subgraphs in subgraphs further down than this are taken for a loop. */
const DEEPEST = 32;

/** Return the node at a path, or undefined where there is none. */
export function nodeAt(records: Records, path: string): NodeRecord | undefined {
  let scope: Scope = ROOT;
  let found: NodeRecord | undefined;
  for (const id of path.split(":")) {
    const record = records.get(nodeId(scope, id));
    if (record?.kind !== "node") return undefined;
    found = record;
    scope = record.raw.type;
  }
  return found;
}

/** Yield every node of a document with its path, those in a subgraph once for each instance of it. */
export function* placedNodes(records: Records, scope: Scope = ROOT, around = ""): Generator<PlacedNode> {
  for (const id of sheetOf(records, scope)?.nodes ?? []) {
    const node = records.get(id);
    if (node?.kind !== "node") continue;
    const path = pathInside(around, node.raw.id);
    yield { path, node };
    const depth = path.split(":").length;
    if (depth < DEEPEST && sheetOf(records, node.raw.type)) yield* placedNodes(records, node.raw.type, path);
  }
}

/** Return the path of a node from that of the instance around it, which is empty on the outermost sheet. */
export function pathInside(around: string, id: FileId): string {
  return around === "" ? String(id) : `${around}:${id}`;
}
