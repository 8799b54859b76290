/** What can be done to the inputs and outputs of a subgraph. */

import { connect } from "@/document/links";
import { type NodeRecord, SUBGRAPH_INPUT, SUBGRAPH_OUTPUT } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import {
  exposeInput,
  exposeOutput,
  removeSubgraphInput,
  removeSubgraphOutput,
  renameSubgraphPort,
} from "@/document/subgraph-ports";
import { subgraphInputs, subgraphOutputs } from "@/document/subgraphs";
import type { Transaction } from "@/document/transaction";

/** Return the edits that are possible from a node within a subgraph. */
export function portEdits(
  store: DocumentStore,
  { scope, raw }: NodeRecord,
): ((tx: Transaction) => unknown)[] {
  const inputs = subgraphInputs(store.sheet(scope)).length;
  const outputs = subgraphOutputs(store.sheet(scope)).length;
  const free = (raw.inputs ?? []).findIndex(({ link }) => link === null || link === undefined);
  const through = { origin: SUBGRAPH_INPUT, originSlot: 0, target: SUBGRAPH_OUTPUT, targetSlot: 0 };
  const all: (readonly [boolean, (tx: Transaction) => unknown])[] = [
    [inputs > 0, (tx) => removeSubgraphInput(tx, scope, inputs - 1)],
    [outputs > 0, (tx) => removeSubgraphOutput(tx, scope, 0)],
    [free >= 0, (tx) => exposeInput(tx, scope, raw.id, free)],
    [(raw.outputs ?? []).length > 0, (tx) => exposeOutput(tx, scope, raw.id, 0)],
    [inputs > 0, (tx) => renameSubgraphPort(tx, scope, "inputs", 0, "renamed")],
    [inputs > 0 && outputs > 0, (tx) => connect(tx, scope, through)],
  ];
  return all.filter(([possible]) => possible).map(([, edit]) => edit);
}
