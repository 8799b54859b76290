/** Nodes of a sheet that could give an input its value. */

import { accepts } from "@/catalogue/socket-types";
import { sockets } from "@/catalogue/sockets";
import { positionOf } from "@/document/nodes";
import {
  type FileId,
  type Json,
  linkOf,
  MODE,
  type NodeRecord,
  type RecordSource,
  sheetOf,
} from "@/document/records";
import type { OpenDocument } from "@/editor/session";
import { definitionOf } from "./case";

/** An output that fits. */
export interface Source {
  readonly node: NodeRecord;
  readonly slot: number;
  readonly name: string;
}

/** Return the outputs on the sheet of a node that fit a type and do not need the node themselves, the nearest first. */
export function sourcesFor(document: OpenDocument, target: NodeRecord, type: Json): Source[] {
  const { records } = document.store;
  const after = downstreamOf(records, target);
  const [x, y] = positionOf(target.raw);
  const found: (Source & { distance: number })[] = [];
  for (const id of sheetOf(records, target.scope)?.nodes ?? []) {
    const node = records.get(id);
    if (node?.kind !== "node" || after.has(node.raw.id) || (node.raw.mode ?? 0) !== MODE.always) continue;
    for (const { slot, name, type: given } of sockets(definitionOf(document, node), node.raw).outputs) {
      if (slot < 0 || isOpen(given) || !accepts(given, type)) continue;
      const [left, top] = positionOf(node.raw);
      // What stands to the left is meant more often than what stands to the right.
      const distance = Math.hypot(x - left, y - top) * (left > x ? 3 : 1);
      found.push({ node, slot, name, distance });
    }
  }
  return found.sort((one, other) => one.distance - other.distance);
}

const isOpen = (type: Json): boolean => type === "*" || type === "" || type === null;

/** Return the ids of a node and of all that need it, on its sheet. */
function downstreamOf(records: RecordSource, node: NodeRecord): ReadonlySet<FileId> {
  const found = new Set<FileId>([node.raw.id]);
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const output of next.raw.outputs ?? []) {
      for (const id of output.links ?? []) {
        const link = linkOf(records, node.scope, id);
        const target = link && records.get(`node:${node.scope}:${link.target}`);
        if (target?.kind !== "node" || found.has(target.raw.id)) continue;
        found.add(target.raw.id);
        waiting.push(target);
      }
    }
  }
  return found;
}
