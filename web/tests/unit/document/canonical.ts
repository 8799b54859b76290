/** What a sheet says besides its ids, so that two sheets can be compared. */

import type { Records } from "@/document/diff";
import { linkOf, type NodeRecord, nodeOf, type Scope } from "@/document/records";
import { chainTo } from "@/document/reroute-chains";

/** Return a sheet as lines, one for each node and group, in an order that does not depend on ids. */
export function canonical(records: Records, scope: Scope): string[] {
  const sheet = records.get(`sheet:${scope}`);
  if (sheet?.kind !== "sheet") return [];
  const nodes = sheet.nodes.map((id) => records.get(id)).filter((record) => record?.kind === "node");
  const groups = sheet.groups.map((id) => records.get(id)).filter((record) => record?.kind === "group");
  const frames = groups.map(({ raw: { id: _, ...raw } }) => JSON.stringify(raw));
  return [...nodes.map((node) => nodeLine(records, node)), ...frames].sort();
}

const nameOf = ({ raw }: NodeRecord): string =>
  JSON.stringify([raw.type, raw.pos, raw.title, raw.widgets_values]);

function nodeLine(records: Records, node: NodeRecord): string {
  const { scope, raw } = node;
  const inputs = (raw.inputs ?? []).map(({ link, ...input }) => {
    const from = link === null || link === undefined ? undefined : linkOf(records, scope, link);
    const origin = from && nodeOf(records, scope, from.origin);
    const points = chainTo(records, scope, from?.parent).map(({ raw: { pos } }) => pos);
    return [input, from ? [origin ? nameOf(origin) : from.origin, from.originSlot, from.type, points] : null];
  });
  const outputs = (raw.outputs ?? []).map(({ links, ...output }) => [
    output,
    links?.filter((id) => linkOf(records, scope, id)).length ?? 0,
  ]);
  return JSON.stringify([nameOf(node), { ...raw, id: 0, order: 0, inputs, outputs }]);
}
