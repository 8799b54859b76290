/**
 * A run up to some nodes. The server runs what its targets need, and targets are nodes that show or save
 * something; for any other node, the workflow is sent with a node beside it that shows its first output. The
 * document itself is not changed, and what is saved inside pictures is the document.
 */

import type { NodeDefinition } from "@/catalogue/definitions";
import { useCatalogue } from "@/catalogue/state";
import { applied, type Records } from "@/document/diff";
import { connect, inputSlotOf } from "@/document/links";
import { nodeAt, pathInside } from "@/document/node-paths";
import { addNode } from "@/document/nodes";
import type { JsonObject, NodeRecord } from "@/document/records";
import { Transaction } from "@/document/transaction";
import { writeWorkflow } from "@/document/write";

/** What is sent to run a part of a workflow. */
export interface Targets {
  /** The workflow that is sent. */
  readonly workflow: JsonObject;
  /** Paths of the nodes that the server runs for. */
  readonly targets: readonly string[];
  /** Paths of the document's nodes by those of the nodes beside them. */
  readonly shownAt: Readonly<Record<string, string>>;
}

/** Return what to send so that a document runs up to some nodes; those that cannot be shown are left out. */
export function previewedTargets(records: Records, paths: readonly string[]): Targets {
  const tx = new Transaction(records);
  const targets: string[] = [];
  const shownAt: Record<string, string> = {};
  for (const path of paths) {
    const node = nodeAt(records, path);
    if (!node) continue;
    const shown = useCatalogue.getState().catalogue.get(node.raw.type)?.isOutput ? null : beside(tx, node);
    if (!shown) {
      targets.push(path);
      continue;
    }
    const cut = path.lastIndexOf(":");
    const target = pathInside(path.slice(0, Math.max(cut, 0)), shown.raw.id);
    targets.push(target);
    shownAt[target] = path;
  }
  return { workflow: writeWorkflow(applied(records, tx.diff)), targets, shownAt };
}

/** Add a node that shows the first output of another one; null where none can. */
function beside(tx: Transaction, node: NodeRecord): NodeRecord | null {
  const output = node.raw.outputs?.[0];
  const viewer = output && viewerOf(String(output.type));
  const input = viewer?.inputs[0]?.name;
  if (!viewer || input === undefined) return null;
  const added = addNode(tx, node.scope, viewer, [0, 0]);
  const targetSlot = inputSlotOf(tx, added, viewer, input);
  connect(tx, node.scope, { origin: node.raw.id, originSlot: 0, target: added.raw.id, targetSlot });
  return added;
}

function viewerOf(type: string): NodeDefinition | undefined {
  const { catalogue } = useCatalogue.getState();
  const named: Readonly<Record<string, string>> = {
    IMAGE: "PreviewImage",
    MASK: "MaskPreview",
    AUDIO: "PreviewAudio",
  };
  return catalogue.get(named[type] ?? "") ?? catalogue.get("PreviewAny");
}
