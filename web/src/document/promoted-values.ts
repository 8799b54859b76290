/**
 * The values that instances of a subgraph have for promoted widgets. They stand in the order of the widgets,
 * so that they have to move whenever a widget comes or goes.
 */

import {
  idOf,
  type Json,
  linkOf,
  type NodeRecord,
  nodeOf,
  type RecordSource,
  type Scope,
  type SheetRecord,
} from "./records";
import { instancesOf, type SubgraphPort, subgraphInputs } from "./subgraphs";
import type { Transaction } from "./transaction";

/** Return what the places of an instance's `widgets_values` are for, as `owner:name`. */
export function promotedKeys(records: RecordSource, sheet: SheetRecord, instance: NodeRecord): string[] {
  const proxies = instance.raw.properties?.proxyWidgets;
  if (Array.isArray(proxies) && proxies.length > 0) {
    return (proxies as readonly Json[]).map((entry) =>
      Array.isArray(entry) ? entry.slice(0, 2).join(":") : "",
    );
  }
  const ports = subgraphInputs(sheet).filter((port) => standsForWidget(records, sheet.scope, port));
  return ports.map(({ name }) => `-1:${name}`);
}

function standsForWidget(records: RecordSource, scope: Scope, port: SubgraphPort): boolean {
  return port.linkIds.some((id) => {
    const link = linkOf(records, scope, id);
    const input = link && nodeOf(records, scope, link.target)?.raw.inputs?.[link.targetSlot];
    return Boolean(input?.widget) && String(input?.link) === String(id);
  });
}

/** Change a subgraph so that each value of its instances stays with the widget it is for. */
export function keepingPromotedValues<T>(tx: Transaction, scope: Scope, change: () => T): T {
  const before = keysOfInstances(tx, scope);
  const result = change();
  for (const [id, keys] of keysOfInstances(tx, scope)) {
    const node = tx.get(id);
    const old = before.get(id);
    if (node?.kind === "node" && old && keys.join("\n") !== old.join("\n")) reorder(tx, node, old, keys);
  }
  return result;
}

function keysOfInstances(tx: Transaction, scope: Scope): Map<string, string[]> {
  const sheet = tx.sheet(scope);
  return new Map(instancesOf(tx, scope).map((node) => [idOf(node), promotedKeys(tx, sheet, node)]));
}

function reorder(tx: Transaction, node: NodeRecord, old: readonly string[], keys: readonly string[]): void {
  const { widgets_values: values } = node.raw;
  if (!Array.isArray(values)) return;
  const kept = keys.map((key) => (values as readonly Json[])[old.indexOf(key)] ?? null);
  while (kept.length > 0 && kept.at(-1) === null) kept.pop();
  tx.put({ ...node, raw: { ...node.raw, widgets_values: kept } });
}
