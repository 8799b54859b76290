/** Nodes that nothing is joined to. */

import type { RawNode } from "./records";

/** Return a node as one that nothing is joined to. */
export function unlinked(raw: RawNode): RawNode {
  const inputs = raw.inputs?.map((input) => ({ ...input, link: null }));
  const outputs = raw.outputs?.map((output) => ({
    ...output,
    links: output.links ? [] : (output.links ?? null),
  }));
  return { ...raw, ...(inputs && { inputs }), ...(outputs && { outputs }) };
}
