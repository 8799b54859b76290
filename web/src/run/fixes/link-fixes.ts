/** Fixes that make or cut wires, and put nodes in between. */

import type { NodeDefinition } from "@/catalogue/definitions";
import { searchNodes } from "@/catalogue/search";
import { accepts } from "@/catalogue/socket-types";
import { useCatalogue } from "@/catalogue/state";
import { connect, disconnect, inputSlotOf } from "@/document/links";
import { addNode, positionOf, setMode } from "@/document/nodes";
import {
  type Json,
  type LinkRecord,
  linkOf,
  MODE,
  type NodeRecord,
  nodeOf,
  type Point,
} from "@/document/records";
import type { Transaction } from "@/document/transaction";
import { text } from "@/i18n/language";
import type { Fix } from "../problems";
import { type Case, editing, nameOf } from "./case";
import { type Source, sourcesFor } from "./upstream";

/** How far left of a node one that it needs is put, in canvas pixels. */
const LEFT = 330;
const MOST = 3;

/** What can be connected to an input that has nothing: what was switched off, what is there, what can be added. */
export function missingFixes(found: Case): Fix[] {
  const { document, node, input } = found;
  if (!input) return [];
  const switchedOn = unmuteFixes(found);
  const sources = sourcesFor(document, node, input.type).slice(0, MOST);
  const joined = sources.map((source) => connectFix(found, source));
  return [...switchedOn, ...joined, ...addFixes(found)];
}

/** The input has a wire, but the node at its other end is muted. */
function unmuteFixes(found: Case): Fix[] {
  const origin = originOf(found);
  if (!origin || (origin.raw.mode ?? 0) === MODE.always) return [];
  const label = text("run.fix.unmute", { title: nameOf(found.document, origin) });
  return [editing(found, label, (tx) => setMode(tx, origin.scope, [origin.raw.id], MODE.always))];
}

function connectFix(found: Case, { node: origin, slot, name }: Source): Fix {
  const label = text("run.fix.connect", { output: name, title: nameOf(found.document, origin) });
  return editing(found, label, (tx) => joinTo(tx, found, origin, slot));
}

function joinTo(tx: Transaction, found: Case, origin: NodeRecord, originSlot: number): void {
  const { node, definition, problem } = found;
  const targetSlot = inputSlotOf(tx, node, definition, problem.input ?? "");
  connect(tx, node.scope, { origin: origin.raw.id, originSlot, target: node.raw.id, targetSlot });
}

/** A node that gives what is needed, with what it needs itself connected as far as that is there. */
function addFixes(found: Case): Fix[] {
  const { input, node } = found;
  const type = String(input?.type ?? "");
  const { catalogue } = useCatalogue.getState();
  const [kind] = searchNodes(catalogue, "", { type, side: "output", usage: USUAL })
    .filter(({ outputs }) => outputs.some((output) => output.type === type))
    .sort((one, other) => needs(one) - needs(other));
  const preferred = catalogue.get(SOURCES[type] ?? "") ?? kind;
  if (!preferred) return [];
  const label = text("run.fix.addNode", { kind: preferred.title });
  return [
    editing(found, label, (tx) => {
      const added = addNode(tx, node.scope, preferred, leftOf(node));
      const slot = preferred.outputs.findIndex((output) => accepts(output.type, type));
      joinTo(tx, found, added, slot);
      feed(tx, found, added, preferred);
    }),
  ];
}

/** What people begin with for each type. */
const SOURCES: Readonly<Record<string, string>> = {
  MODEL: "CheckpointLoaderSimple",
  CLIP: "CheckpointLoaderSimple",
  VAE: "CheckpointLoaderSimple",
  CONDITIONING: "CLIPTextEncode",
  LATENT: "EmptyLatentImage",
  IMAGE: "LoadImage",
  MASK: "LoadImageMask",
  SIGMAS: "BasicScheduler",
  SAMPLER: "KSamplerSelect",
  NOISE: "RandomNoise",
  GUIDER: "CFGGuider",
  CONTROL_NET: "ControlNetLoader",
  UPSCALE_MODEL: "UpscaleModelLoader",
};
const USUAL = Object.fromEntries(Object.values(SOURCES).map((type) => [type, 5]));

/** How many inputs of a kind must be connected. */
const needs = ({ inputs }: NodeDefinition): number =>
  inputs.filter(
    (input) => input.required && !input.choices && !/^(INT|FLOAT|STRING|BOOLEAN)$/.test(input.type),
  ).length;

const leftOf = ({ raw }: NodeRecord): Point => {
  const [x, y] = positionOf(raw);
  return [x - LEFT, y];
};

/** Connect what a new node needs with what is there. */
function feed(tx: Transaction, found: Case, added: NodeRecord, kind: NodeDefinition): void {
  for (const input of kind.inputs) {
    if (!input.required || input.choices || /^(INT|FLOAT|STRING|BOOLEAN)$/.test(input.type)) continue;
    const targetSlot = inputSlotOf(tx, added, kind, input.name);
    if (tx.needNode(added.scope, added.raw.id).raw.inputs?.[targetSlot]?.link) continue;
    const [source] = sourcesFor(found.document, found.node, input.type);
    if (!source) continue;
    connect(tx, added.scope, {
      origin: source.node.raw.id,
      originSlot: source.slot,
      target: added.raw.id,
      targetSlot,
    });
  }
}

/** A wire of the wrong type: a node that converts it, another output that fits, or no wire. */
export function mismatchFixes(found: Case): Fix[] {
  const { document, node, input, problem } = found;
  const received = String(problem.extra.received_type ?? linkInto(found)?.type ?? "");
  if (!input) return cutFixes(found);
  const converters = convertersFor(received, input.type).slice(0, 2);
  const sources = sourcesFor(document, node, input.type).slice(0, 2);
  return [
    ...converters.map((kind) => convertFix(found, kind, received)),
    ...sources.map((source) => connectFix(found, source)),
    ...cutFixes(found),
  ];
}

/** The nodes that people use to make one type of another. */
const CONVERTERS: Readonly<Record<string, readonly string[]>> = {
  "LATENT IMAGE": ["VAEDecode"],
  "IMAGE LATENT": ["VAEEncode"],
  "MASK IMAGE": ["MaskToImage"],
  "IMAGE MASK": ["ImageToMask"],
  "STRING CONDITIONING": ["CLIPTextEncode"],
  "INT FLOAT": ["ComfyMathExpression", "IntToFloat"],
  "FLOAT INT": ["ComfyMathExpression", "FloatToInt"],
};

function convertersFor(from: string, to: Json): NodeDefinition[] {
  const { catalogue } = useCatalogue.getState();
  const known = (CONVERTERS[`${from} ${String(to)}`] ?? []).flatMap((type) => catalogue.get(type) ?? []);
  if (known.length > 0) return known;
  const takes = (kind: NodeDefinition) => kind.inputs.some(({ type }) => type === from);
  const gives = (kind: NodeDefinition) => kind.outputs.length === 1 && kind.outputs[0]?.type === to;
  return [...catalogue.values()]
    .filter((kind) => !kind.hidden && !kind.deprecated && takes(kind) && gives(kind) && needs(kind) <= 2)
    .sort((one, other) => needs(one) - needs(other));
}

function convertFix(found: Case, kind: NodeDefinition, from: string): Fix {
  const { node, input } = found;
  const label = text("run.fix.convert", { kind: kind.title });
  return editing(found, label, (tx) => {
    const link = linkInto(found);
    const taking = kind.inputs.find(({ type }) => accepts(from, type));
    if (!link || !taking) return;
    const added = addNode(tx, node.scope, kind, leftOf(node));
    const targetSlot = inputSlotOf(tx, added, kind, taking.name);
    connect(tx, node.scope, {
      origin: link.origin,
      originSlot: link.originSlot,
      target: added.raw.id,
      targetSlot,
    });
    feed(tx, found, tx.needNode(added.scope, added.raw.id), kind);
    joinTo(
      tx,
      found,
      added,
      kind.outputs.findIndex((output) => accepts(output.type, input?.type ?? "*")),
    );
  });
}

/** Take the wire away that leads into the input. */
export function cutFixes(found: Case): Fix[] {
  const link = linkInto(found);
  if (!link) return [];
  return [editing(found, text("run.fix.cut"), (tx) => disconnect(tx, link.scope, link.id))];
}

/** A circle of wires: the one that leads back furthest gives way to another that fits, or to none. */
export function cycleFixes(found: Case): Fix[] {
  const { document, node, problem } = found;
  const ring = new Set(Array.isArray(problem.extra.cycle_nodes) ? problem.extra.cycle_nodes.map(String) : []);
  const around = problem.path.slice(0, problem.path.length - String(node.raw.id).length);
  const [back] = [...document.store.records.values()]
    .filter((record): record is LinkRecord => record.kind === "link" && record.scope === node.scope)
    .filter(({ origin, target }) => ring.has(`${around}${origin}`) && ring.has(`${around}${target}`))
    .map((link) => ({ link, shift: shiftOf(link, found) }))
    .sort((one, other) => one.shift - other.shift);
  return back ? insteadOf(found, back.link) : [];
}

function insteadOf(found: Case, link: LinkRecord): Fix[] {
  const { document } = found;
  const { records } = document.store;
  const [origin, target] = [link.origin, link.target].map((id) => nodeOf(records, link.scope, id));
  if (!origin || !target) return [];
  const { targetSlot } = link;
  const sources = sourcesFor(document, target, target.raw.inputs?.[targetSlot]?.type ?? "").slice(0, 2);
  const joins = sources.map(({ node, slot: originSlot, name }) => {
    const label = text("run.fix.connect", { output: name, title: nameOf(document, node) });
    const ends = { origin: node.raw.id, originSlot, target: target.raw.id, targetSlot };
    return editing(found, label, (tx) => connect(tx, link.scope, ends));
  });
  const label = text("run.fix.cutFrom", { title: nameOf(document, origin) });
  return [...joins, editing(found, label, (tx) => disconnect(tx, link.scope, link.id))];
}

/** How far a wire leads to the right. */
function shiftOf({ scope, origin, target }: LinkRecord, { document }: Case): number {
  const [from, to] = [origin, target].map((id) => nodeOf(document.store.records, scope, id));
  return from && to ? positionOf(to.raw)[0] - positionOf(from.raw)[0] : 0;
}

/** Return the wire into the input of a case. */
export function linkInto({ document, node, problem }: Case): LinkRecord | undefined {
  const socket = node.raw.inputs?.find(
    ({ name, widget }) => name === problem.input || widget?.name === problem.input,
  );
  if (socket?.link === undefined || socket.link === null) return undefined;
  return linkOf(document.store.records, node.scope, socket.link);
}

function originOf(found: Case): NodeRecord | undefined {
  const link = linkInto(found);
  return link && nodeOf(found.document.store.records, link.scope, link.origin);
}
