/** Fixes for nodes of a kind that the server does not know. */

import type { NodeDefinition } from "@/catalogue/definitions";
import { accepts } from "@/catalogue/socket-types";
import { useCatalogue } from "@/catalogue/state";
import { connect, inputSlotOf } from "@/document/links";
import { addNode, positionOf, removeItems, setMode } from "@/document/nodes";
import { MODE, type NodeRecord, nodeId, type RawInput, type RawOutput } from "@/document/records";
import type { Transaction } from "@/document/transaction";
import { text } from "@/i18n/language";
import { likeness } from "@/values/nearest-choice";
import type { Fix } from "../problems";
import { type Case, editing } from "./case";

const MOST = 2;

/** A known kind in its place, the likeliest first; else the node switched off or taken away. */
export function kindFixes(found: Case): Fix[] {
  const { node } = found;
  const near = nearKinds(node).slice(0, MOST);
  return [
    ...near.map((kind) =>
      editing(found, text("run.fix.replace", { kind: kind.title }), (tx) => replaceNode(tx, node, kind)),
    ),
    editing(found, text("run.fix.bypass"), (tx) => setMode(tx, node.scope, [node.raw.id], MODE.bypassed)),
    editing(found, text("run.fix.remove"), (tx) =>
      removeItems(tx, node.scope, [nodeId(node.scope, node.raw.id)]),
    ),
  ];
}

function nearKinds(node: NodeRecord): NodeDefinition[] {
  const { catalogue } = useCatalogue.getState();
  return [...catalogue.values()]
    .map((kind) => ({ kind, score: scoreOf(node, kind) }))
    .filter(({ score }) => score >= 0.5)
    .sort((one, other) => other.score - one.score)
    .map(({ kind }) => kind);
}

/** Names count most; of two kinds with names as like, the one whose sockets take the wires. */
function scoreOf({ raw }: NodeRecord, kind: NodeDefinition): number {
  const names = [kind.type, kind.title, ...kind.aliases];
  const spaced = (name: string) => name.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/\W*\(.*\)|\W*\|.*/g, "");
  const likest = Math.max(...names.map((name) => likeness(spaced(raw.type), spaced(name))));
  if (likest < 0.5) return 0;
  const inputs = (raw.inputs ?? []).filter(({ link }) => link !== null && link !== undefined);
  const outputs = (raw.outputs ?? []).filter(({ links }) => links && links.length > 0);
  const wires = inputs.length + outputs.length;
  const taken =
    inputs.filter((input) => kind.inputs.some(({ type }) => accepts(input.type, type))).length +
    outputs.filter((output) => kind.outputs.some(({ type }) => accepts(output.type, type))).length;
  return likest * (wires === 0 ? 1 : 0.5 + (0.5 * taken) / wires);
}

/** Put a node of another kind in the place of one, with all wires that it takes. */
function replaceNode(tx: Transaction, node: NodeRecord, kind: NodeDefinition): void {
  const added = addNode(tx, node.scope, kind, positionOf(node.raw));
  const used = new Set<number>();
  for (const input of node.raw.inputs ?? []) takeInput(tx, added, kind, input, used);
  for (const output of node.raw.outputs ?? []) takeOutput(tx, added, kind, output);
  removeItems(tx, node.scope, [nodeId(node.scope, node.raw.id)]);
}

function takeInput(
  tx: Transaction,
  added: NodeRecord,
  kind: NodeDefinition,
  input: RawInput,
  used: Set<number>,
): void {
  const link = input.link === null || input.link === undefined ? undefined : tx.link(added.scope, input.link);
  const targetSlot = link && inputFor(tx, added, kind, input, used);
  if (!link || targetSlot === undefined) return;
  used.add(targetSlot);
  const { origin, originSlot } = link;
  connect(tx, added.scope, { origin, originSlot, target: added.raw.id, targetSlot });
}

function takeOutput(tx: Transaction, added: NodeRecord, kind: NodeDefinition, output: RawOutput): void {
  const named = kind.outputs.findIndex(({ name }) => name === output.name);
  const originSlot = named >= 0 ? named : kind.outputs.findIndex(({ type }) => accepts(type, output.type));
  if (originSlot < 0) return;
  for (const id of [...(output.links ?? [])]) {
    const link = tx.link(added.scope, id);
    if (!link) continue;
    const { target, targetSlot } = link;
    connect(tx, added.scope, { origin: added.raw.id, originSlot, target, targetSlot });
  }
}

function inputFor(
  tx: Transaction,
  added: NodeRecord,
  kind: NodeDefinition,
  input: RawInput,
  used: ReadonlySet<number>,
): number | undefined {
  const type = input.type ?? "*";
  const fits = kind.inputs.filter((one) => accepts(type, one.type));
  const ordered = [...fits.filter(({ name }) => name === input.name), ...fits];
  return ordered.map(({ name }) => inputSlotOf(tx, added, kind, name)).find((slot) => !used.has(slot));
}
