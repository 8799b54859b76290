/** A problem together with what is known about the node that it is at. */

import type { InputDefinition, NodeDefinition } from "@/catalogue/definitions";
import { inputNamed, type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import { useCatalogue } from "@/catalogue/state";
import { nodeAt } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import type { NodeRecord } from "@/document/records";
import { nodeDefinitionOf } from "@/document/subgraphs";
import type { Transaction } from "@/document/transaction";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import { toast } from "@/ui/toast";
import type { Fix, NodeProblem } from "../problems";
import { dropProblems } from "../problems-state";

/** A problem at a node that is there. */
export interface Case {
  readonly document: OpenDocument;
  readonly problem: NodeProblem;
  readonly node: NodeRecord;
  /** Undefined where the kind of node is not known. */
  readonly definition: NodeDefinition | undefined;
  readonly input: InputDefinition | undefined;
  /** The widget of the input. */
  readonly slot: WidgetSlot | undefined;
}

/** Return the case of a problem; null where it is about no node, or one that is gone. */
export function caseOf(document: OpenDocument, problem: NodeProblem): Case | null {
  const node = nodeAt(document.store.records, problem.path);
  if (!node) return null;
  const definition = definitionOf(document, node);
  const { input: name } = problem;
  const input = definition && name !== undefined ? inputNamed(definition, node.raw, name) : undefined;
  const slots = definition ? widgetSlots(definition, node.raw) : [];
  const slot = slots.find((one) => one.sent && one.name === name);
  return { document, problem, node, definition, input, slot };
}

/** Return what is known about the kind of a node. */
export function definitionOf(
  { store }: OpenDocument,
  { raw, scope }: NodeRecord,
): NodeDefinition | undefined {
  return nodeDefinitionOf(store.records, useCatalogue.getState().catalogue, raw, scope);
}

/** Return what a node is called. */
export const nameOf = (document: OpenDocument, node: NodeRecord): string =>
  titleOf(node.raw, definitionOf(document, node));

/** Return a fix that changes the document in one step of undo; the problem is gone from the list after it. */
export function editing(
  { document, problem }: { readonly document: OpenDocument; readonly problem: NodeProblem },
  label: string,
  change: (tx: Transaction) => void,
): Fix {
  return {
    label,
    apply: () => {
      document.store.transact("run.fix", change);
      dropProblems(document.id, ({ id }) => id === problem.id);
      toast({
        text: text("run.fix.applied", { what: label }),
        kind: "success",
        key: "fix",
        action: { label: text("run.fix.undo"), run: () => document.store.undo() },
      });
    },
  };
}
