/** The path of a node: the ids of the subgraph instances around it and its own, joined by `:`, as runs name nodes. */

import { type FileId, nodeOf, ROOT, type Scope } from "@/document/records";
import type { OpenDocument } from "./session";

/** Return the first node on a sheet that is an instance of a subgraph. */
function firstInstance({ store }: OpenDocument, sheet: Scope, inner: Scope): FileId | undefined {
  for (const id of store.sheet(sheet).nodes) {
    const record = store.get(id);
    if (record?.kind === "node" && record.raw.type === inner) return record.raw.id;
  }
  return undefined;
}

/**
 * Return the ids of the nodes by way of which the sheets of a document are entered, outermost first. Where it
 * was not told by way of which one, it is the first on the sheet around it.
 */
export function instancesEntered(document: OpenDocument): readonly FileId[] {
  const { store, scopes, instances = [] } = document;
  return scopes.slice(1).flatMap((inner, at) => {
    const around = scopes[at] ?? ROOT;
    const told = instances[at];
    const node = told === undefined ? undefined : nodeOf(store, around, told);
    const id = node?.raw.type === inner ? node.raw.id : firstInstance(document, around, inner);
    return id === undefined ? [] : [id];
  });
}

/** Return the path of a node on a sheet that is entered: `"12:5"` for node 5 in instance 12. */
export function pathOf(document: OpenDocument, scope: Scope, id: FileId): string {
  const depth = Math.max(document.scopes.indexOf(scope), 0);
  return [...instancesEntered(document).slice(0, depth), id].join(":");
}
