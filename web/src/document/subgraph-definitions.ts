/** Which subgraph definitions a document has, and which of them are in use. */

import { type RecordSource, ROOT, type Scope, type SheetRecord, sheetId, sheetOf } from "./records";
import type { Transaction } from "./transaction";

/** Return the ids of all subgraph definitions of a document, each after the one that has it. */
export function definitionsOf(records: RecordSource): Scope[] {
  const found: Scope[] = [];
  const waiting = [...(sheetOf(records, ROOT)?.definitions ?? [])];
  for (let scope = waiting.shift(); scope !== undefined; scope = waiting.shift()) {
    found.push(scope);
    waiting.push(...(sheetOf(records, scope)?.definitions ?? []));
  }
  return found;
}

/** Return the types of the nodes that stand on the sheets reachable from the workflow's own. */
function typesInUse(records: RecordSource): ReadonlySet<string> {
  const types = new Set<string>();
  const waiting: SheetRecord[] = [];
  const visit = (scope: Scope) => {
    const sheet = sheetOf(records, scope);
    if (sheet) waiting.push(sheet);
  };
  visit(ROOT);
  for (let sheet = waiting.pop(); sheet; sheet = waiting.pop()) {
    for (const id of sheet.nodes) {
      const node = records.get(id);
      if (node?.kind !== "node" || types.has(node.raw.type)) continue;
      types.add(node.raw.type);
      visit(node.raw.type);
    }
  }
  return types;
}

/** Take away the subgraphs among some types that no node is an instance of any more, and those only in them. */
export function dropUnusedDefinitions(tx: Transaction, types: Iterable<string>): void {
  const waiting = [...types].filter((type) => sheetOf(tx, type));
  if (waiting.length === 0) return;
  const used = typesInUse(tx);
  const gone = new Set<Scope>();
  for (let scope = waiting.pop(); scope !== undefined; scope = waiting.pop()) {
    if (gone.has(scope) || used.has(scope)) continue;
    gone.add(scope);
    waiting.push(...subgraphsOn(tx, scope));
  }
  for (const scope of definitionsOf(tx)) if (gone.has(scope)) dropSheet(tx, scope, gone);
}

/** Return the subgraphs that a sheet has instances of. */
function subgraphsOn(tx: Transaction, scope: Scope): Scope[] {
  const nodes = tx.sheet(scope).nodes.map((id) => tx.get(id));
  return nodes.flatMap((node) =>
    node?.kind === "node" && sheetOf(tx, node.raw.type) ? [node.raw.type] : [],
  );
}

function dropSheet(tx: Transaction, scope: Scope, gone: ReadonlySet<Scope>): void {
  const sheet = tx.sheet(scope);
  for (const list of [sheet.nodes, sheet.links, sheet.groups, sheet.reroutes])
    for (const id of list) tx.remove(id);
  const owner = ownerOf(tx, scope);
  // Definitions that a file nests in this one may be in use elsewhere: they move up.
  const kept = sheet.definitions.filter((one) => !gone.has(one));
  tx.put({ ...owner, definitions: owner.definitions.flatMap((one) => (one === scope ? kept : [one])) });
  tx.remove(sheetId(scope));
}

/** Return the sheet whose JSON has a definition. */
function ownerOf(tx: Transaction, scope: Scope): SheetRecord {
  const owners = [ROOT, ...definitionsOf(tx)].map((one) => tx.sheet(one));
  return owners.find((sheet) => sheet.definitions.includes(scope)) ?? tx.sheet(ROOT);
}
