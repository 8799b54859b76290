/** The path of a node: the ids of the subgraph instances around it and its own, joined by `:`, as runs name nodes. */

import { type FileId, ROOT, type Scope } from "@/document/records";
import type { OpenDocument } from "./session";

/** Return the first node on a sheet that is an instance of a subgraph. */
function instanceOn({ store }: OpenDocument, sheet: Scope, inner: Scope): FileId | undefined {
  for (const id of store.sheet(sheet).nodes) {
    const record = store.get(id);
    if (record?.kind === "node" && record.raw.type === inner) return record.raw.id;
  }
  return undefined;
}

/**
 * Return the path of a node on a sheet that is entered: `"12:5"` for node 5 in instance 12. Where a sheet has
 * several instances of the same subgraph, that of the first one.
 */
export function pathOf(document: OpenDocument, scope: Scope, id: FileId): string {
  const scopes = document.scopes.slice(0, Math.max(document.scopes.indexOf(scope), 0) + 1);
  const instances = scopes.slice(1).map((inner, at) => instanceOn(document, scopes[at] ?? ROOT, inner));
  return [...instances.filter((one) => one !== undefined), id].join(":");
}
