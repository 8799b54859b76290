/** Shows nodes of a document on the canvas. */

import { nodeAt } from "@/document/node-paths";
import { nodeId, ROOT } from "@/document/records";
import { focusNode } from "@/editor/canvas-view";
import { closePanel } from "@/editor/panels-state";
import { type OpenDocument, useSession } from "@/editor/session";
import { isPhone } from "@/ui/media";
import type { NodeProblem } from "./problems";

/** Show a node in the middle and select it; the sheets around it are entered. */
export function goToNode(document: OpenDocument, path: string): void {
  const node = nodeAt(document.store.records, path);
  if (!node) return;
  const session = useSession.getState();
  session.activate(document.id);
  // Sheets are entered by way of the instances in the path; the canvas would take the first ones that it finds.
  const inner = path.split(":").slice(0, -1);
  const around = inner.flatMap(
    (_, at) => nodeAt(document.store.records, inner.slice(0, at + 1).join(":"))?.raw ?? [],
  );
  session.amend(document.id, {
    scopes: [ROOT, ...around.map(({ type }) => type)],
    instances: around.map(({ id }) => id),
  });
  focusNode(nodeId(node.scope, node.raw.id));
}

/** Show the node that a problem is at; on a phone the list makes room for it. */
export function goToProblem(document: OpenDocument, { path }: NodeProblem): void {
  if (isPhone()) closePanel("problems");
  goToNode(document, path);
}
