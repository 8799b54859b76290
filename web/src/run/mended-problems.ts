/** Problems are taken from the list as soon as what they are about is changed. */

import { widgetSlots } from "@/catalogue/slots";
import { useCatalogue } from "@/catalogue/state";
import type { Diff } from "@/document/diff";
import { nodeAt } from "@/document/node-paths";
import { type Json, nodeId, type RawNode } from "@/document/records";
import { widgetValue } from "@/document/values";
import type { OpenDocument } from "@/editor/session";
import type { NodeProblem } from "./problems";
import { dropProblems, problemsOf } from "./problems-state";

/** Keep the problems of a document true from now on; returns the function that ends this. */
export function watchProblems(document: OpenDocument): () => void {
  return document.store.subscribe((diff) => {
    if (problemsOf(document.id).length > 0) {
      dropProblems(document.id, (problem) => isTouched(document, problem, diff));
    }
  });
}

function isTouched(document: OpenDocument, problem: NodeProblem, diff: Diff): boolean {
  if (problem.path === "" || problem.atRunTime) return false;
  const node = nodeAt(document.store.records, problem.path);
  if (!node) return true;
  const change = diff.get(nodeId(node.scope, node.raw.id));
  if (change?.before?.kind !== "node") return false;
  const [before, after] = [change.before.raw, node.raw];
  if (before.type !== after.type || (before.mode ?? 0) !== (after.mode ?? 0)) return true;
  return problem.input !== undefined && given(before, problem.input) !== given(after, problem.input);
}

/** Return what an input is given: the link, or the value of its widget. */
function given(raw: RawNode, name: string): Json | undefined {
  const link = raw.inputs?.find((input) => input.name === name || input.widget?.name === name)?.link;
  if (link !== null && link !== undefined) return `link ${link}`;
  const definition = useCatalogue.getState().catalogue.get(raw.type);
  const slot = widgetSlots(definition, raw).find((one) => one.sent && one.name === name);
  return slot && JSON.stringify(widgetValue(raw, slot));
}
