/** Group nodes of older files, made into subgraphs. */

import { isGroupNode } from "@/document/group-layout";
import { convertGroupNode } from "@/document/group-nodes";
import { nodeId } from "@/document/records";
import { select } from "./gestures/select-box";
import type { NodeItem, Scene } from "./scene";

/** Tell whether a node is a group node that can be made into a subgraph. */
export const isGroup = ({ store }: Scene, { record }: NodeItem): boolean =>
  isGroupNode(store.records, record.raw);

/** Put a subgraph in the place of a group node, and select it; one step of undo. */
export function convertGroup({ store, scope, catalogue }: Scene, { record }: NodeItem): void {
  const made = store.transact("document.convertGroup", (tx) =>
    convertGroupNode(tx, scope, record.raw.id, catalogue),
  );
  select([nodeId(scope, made.raw.id)]);
}
