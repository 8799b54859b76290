/** A subgraph made from a selection: what is wired to the outside becomes its inputs and outputs. */

import type { Catalogue } from "@/catalogue/definitions";
import { widgetSlots } from "@/catalogue/slots";
import { type Bounding, boundsAround } from "./groups";
import { addLink, chainIds, holdLink, linksTouching, releaseLink } from "./links";
import { dropLooseEnds } from "./loose-ends";
import {
  type FileId,
  type GroupRecord,
  idOf,
  type JsonObject,
  type LinkRecord,
  type NodeRecord,
  nodeId,
  type RawInput,
  type RawOutput,
  type RecordId,
  ROOT,
  type Scope,
  type SheetRecord,
  SUBGRAPH_INPUT,
  SUBGRAPH_OUTPUT,
} from "./records";
import { settleReroutes } from "./reroute-chains";
import { type MovedReroutes, splitReroutes } from "./reroute-split";
import { dropRecords, listRecords, newId } from "./sheet-lists";
import { uniqueName } from "./subgraph-ports";
import { nodeDefinitionOf } from "./subgraphs";
import type { Transaction } from "./transaction";
import { unlinked } from "./unlinked";
import { newUuid } from "./uuid";
import { widgetValue } from "./values";

const WIDTH = 270;
const PORT_GAP = 160;
/** More than any node has. */
const MOST_SLOTS = 1_000_000;

/** Links of a selection, by where they lead. */
interface Wires {
  readonly inner: readonly LinkRecord[];
  /** Links from one output outside, in the order of the inputs that they lead to. */
  readonly incoming: readonly (readonly LinkRecord[])[];
  /** Links from one output inside. */
  readonly outgoing: readonly (readonly LinkRecord[])[];
}

/**
 * Move nodes, with the groups among the ids, into a new subgraph; return the instance that takes their place.
 *
 * Each output outside that something inside is joined to becomes one input, in the order of the inputs
 * inside; each output inside that leads out becomes one output.
 *
 * @param catalogue Tells the values of widgets that become the instance's.
 * @throws RangeError There is no node among the ids.
 */
export function makeSubgraph(
  tx: Transaction,
  scope: Scope,
  ids: Iterable<RecordId>,
  name: string,
  catalogue: Catalogue,
): NodeRecord {
  const { nodes, groups } = chosenOn(tx, scope, ids);
  if (nodes.length === 0) throw new RangeError("a subgraph needs at least one node");
  const bounds = boundsAround(tx, [...nodes, ...groups].map(idOf)) ?? [0, 0, 0, 0];
  const wires = wiresOf(tx, scope, nodes);
  const inside = newUuid();
  const reroutes = splitReroutes(tx, scope, wires);
  const touched = [...wires.inner, ...wires.incoming.flat(), ...wires.outgoing.flat()];
  const chains = new Set(touched.flatMap((link) => [...chainIds(tx, link)]));
  for (const link of touched) releaseLink(tx, scope, link);
  dropLooseEnds(
    tx,
    scope,
    nodes.map(({ raw }) => raw.id),
  );
  // Ids of links that are not there are no good on another sheet, where links may have them.
  const moved = nodes.map((node) => ({ ...node, raw: unlinked(node.raw) }));
  const instance = instanceFor(tx, scope, inside, wires, moved, bounds);
  dropRecords(tx, scope, "links", new Set([...wires.inner, ...wires.incoming.flat()].map(idOf)));
  dropRecords(tx, scope, "nodes", new Set(nodes.map(idOf)));
  dropRecords(tx, scope, "groups", new Set(groups.map(idOf)));
  dropRecords(tx, scope, "reroutes", new Set(reroutes.inside.map(idOf)));
  addDefinition(tx, inside, name, bounds, {
    nodes: moved,
    groups,
    wires,
    reroutes,
    ports: portsFor(moved, wires),
  });
  tx.put(instance);
  listRecords(tx, scope, "nodes", [idOf(instance)]);
  joinOutside(tx, scope, instance, wires, reroutes);
  settleReroutes(tx, scope, chains);
  settleReroutes(tx, inside, new Set(reroutes.inside.map(({ raw }) => raw.id)));
  return showWidgets(tx, instance, catalogue);
}

function chosenOn(tx: Transaction, scope: Scope, ids: Iterable<RecordId>) {
  const chosen = new Set(ids);
  const sheet = tx.sheet(scope);
  const records = [...sheet.nodes, ...sheet.groups].filter((id) => chosen.has(id)).map((id) => tx.get(id));
  return {
    nodes: records.filter((record) => record?.kind === "node"),
    groups: records.filter((record) => record?.kind === "group"),
  };
}

function wiresOf(tx: Transaction, scope: Scope, nodes: readonly NodeRecord[]): Wires {
  const place = new Map(nodes.map(({ raw }, at) => [String(raw.id), at]));
  const touching = linksTouching(
    tx,
    scope,
    nodes.map(({ raw }) => raw.id),
  );
  const has = (id: FileId) => place.has(String(id));
  const at = (id: FileId, slot: number) => (place.get(String(id)) ?? 0) * MOST_SLOTS + slot;
  const incoming = touching.filter(({ origin }) => !has(origin));
  incoming.sort((one, other) => at(one.target, one.targetSlot) - at(other.target, other.targetSlot));
  const outgoing = touching.filter(({ target }) => !has(target));
  outgoing.sort((one, other) => at(one.origin, one.originSlot) - at(other.origin, other.originSlot));
  const inner = touching.filter(({ origin, target }) => has(origin) && has(target));
  return { inner, incoming: bySource(incoming), outgoing: bySource(outgoing) };
}

function bySource(links: readonly LinkRecord[]): LinkRecord[][] {
  const groups = new Map<string, LinkRecord[]>();
  for (const link of links) {
    const key = `${link.origin}:${link.originSlot}`;
    groups.set(key, [...(groups.get(key) ?? []), link]);
  }
  return [...groups.values()];
}

interface Ports {
  readonly inputs: readonly RawInput[];
  readonly outputs: readonly RawOutput[];
}

/** The sockets of the instance, and with them the inputs and outputs of the definition. */
function portsFor(nodes: readonly NodeRecord[], { incoming, outgoing }: Wires): Ports {
  const byId = new Map(nodes.map((node) => [String(node.raw.id), node.raw]));
  const taken: string[] = [];
  const named = (name: string) => {
    const unique = uniqueName(name, taken);
    taken.push(unique);
    return unique;
  };
  const inputs = incoming.map((links) => {
    const targets = links.map((link) => byId.get(String(link.target))?.inputs?.[link.targetSlot]);
    const name = named(targets[0]?.name || "input");
    const widget = targets.some((target) => target?.widget) && { widget: { name } };
    return { name, type: links[0]?.type ?? "*", link: null, ...widget };
  });
  taken.length = 0;
  const outputs = outgoing.map(([link]) => {
    const source = link && byId.get(String(link.origin))?.outputs?.[link.originSlot];
    return { name: named(source?.name || "output"), type: source?.type ?? link?.type ?? "*", links: [] };
  });
  return { inputs, outputs };
}

function instanceFor(
  tx: Transaction,
  scope: Scope,
  inside: Scope,
  wires: Wires,
  moved: readonly NodeRecord[],
  [x, y, width, height]: Bounding,
): NodeRecord {
  const { inputs, outputs } = portsFor(moved, wires);
  const rows = Math.max(inputs.length, outputs.length, 1);
  const size = [WIDTH, rows * 24 + 10] as const;
  const pos = [x + (width - size[0]) / 2, y + (height - size[1]) / 2];
  const order = tx.sheet(scope).nodes.length;
  const bare = { id: newId(tx, scope, "node"), type: inside, pos, size, flags: {}, order, mode: 0 };
  return { kind: "node", scope, raw: { ...bare, inputs, outputs, properties: {} } };
}

interface Contents {
  readonly nodes: readonly NodeRecord[];
  readonly groups: readonly GroupRecord[];
  readonly wires: Wires;
  readonly reroutes: MovedReroutes;
  readonly ports: Ports;
}

function addDefinition(
  tx: Transaction,
  scope: Scope,
  name: string,
  bounds: Bounding,
  contents: Contents,
): void {
  const { nodes, groups, wires, reroutes, ports } = contents;
  for (const record of [...nodes, ...groups, ...reroutes.inside]) tx.put({ ...record, scope });
  const links = [...wires.inner, ...wires.incoming.flat()];
  const sheet: SheetRecord = {
    kind: "sheet",
    scope,
    format: "1",
    rest: definitionJson(scope, name, bounds, ports, { nodes, links, groups, reroutes }),
    nodes: nodes.map(({ raw }) => nodeId(scope, raw.id)),
    links: [],
    groups: groups.map((group) => idOf({ ...group, scope })),
    reroutes: reroutes.inside.map((reroute) => idOf({ ...reroute, scope })),
    definitions: [],
    odd: [],
  };
  tx.put(sheet);
  const root = tx.sheet(ROOT);
  tx.put({ ...root, definitions: [...root.definitions, scope] });
  for (const link of wires.inner) addLink(tx, { ...link, scope, parent: reroutes.parentInside(link) });
  wires.incoming.forEach((group, slot) => {
    const ends = { scope, origin: SUBGRAPH_INPUT, originSlot: slot };
    for (const link of group) addLink(tx, { ...link, ...ends, parent: reroutes.parentInside(link) });
  });
  wires.outgoing.forEach(([link], slot) => {
    if (!link) return;
    const id = newId(tx, scope, "link");
    addLink(tx, { ...link, id, scope, target: SUBGRAPH_OUTPUT, targetSlot: slot, parent: undefined });
  });
}

interface Counted {
  readonly nodes: readonly NodeRecord[];
  readonly links: readonly LinkRecord[];
  readonly groups: readonly GroupRecord[];
  readonly reroutes: MovedReroutes;
}

function definitionJson(
  id: Scope,
  name: string,
  [x, y, width, height]: Bounding,
  ports: Ports,
  counted: Counted,
): JsonObject {
  const portJson = ({ name: port, type }: RawInput | RawOutput) => ({
    id: newUuid(),
    name: port,
    type,
    linkIds: [],
  });
  const most = (ids: readonly unknown[]) =>
    ids.reduce<number>((top, one) => Math.max(top, Number(one) || 0), 0);
  const middle = y + height / 2;
  return {
    id,
    version: 1,
    state: {
      lastGroupId: most(counted.groups.map(({ key }) => key)),
      lastNodeId: most(counted.nodes.map(({ raw }) => raw.id)),
      lastLinkId: most(counted.links.map((link) => link.id)),
      lastRerouteId: most(counted.reroutes.inside.map(({ raw }) => raw.id)),
    },
    revision: 0,
    config: {},
    name,
    inputNode: {
      id: SUBGRAPH_INPUT,
      bounding: [x - PORT_GAP - 120, middle, 120, 40 + 20 * ports.inputs.length],
    },
    outputNode: {
      id: SUBGRAPH_OUTPUT,
      bounding: [x + width + PORT_GAP, middle, 120, 40 + 20 * ports.outputs.length],
    },
    inputs: ports.inputs.map(portJson),
    outputs: ports.outputs.map(portJson),
    widgets: [],
    nodes: [],
    groups: [],
    links: [],
    ...(counted.reroutes.inside.length > 0 && { reroutes: [] }),
    extra: {},
  };
}

function joinOutside(
  tx: Transaction,
  scope: Scope,
  instance: NodeRecord,
  { incoming, outgoing }: Wires,
  reroutes: MovedReroutes,
): void {
  const { id } = instance.raw;
  incoming.forEach((links, targetSlot) => {
    const [first] = links;
    if (!first) return;
    const ends = { target: id, targetSlot, parent: reroutes.parentOutside(links) };
    addLink(tx, { ...first, ...ends, id: newId(tx, scope, "link") });
  });
  outgoing.forEach((links, originSlot) => {
    for (const link of links) {
      const kept: LinkRecord = { ...link, origin: id, originSlot, parent: reroutes.parentOutside([link]) };
      tx.put(kept);
      holdLink(tx, scope, kept);
    }
  });
}

/** Write the values of the widgets that the instance shows into it. */
function showWidgets(tx: Transaction, { scope, raw: { id } }: NodeRecord, catalogue: Catalogue): NodeRecord {
  const node = tx.needNode(scope, id);
  const slots = widgetSlots(nodeDefinitionOf(tx, catalogue, node.raw, scope), node.raw);
  if (slots.length === 0) return node;
  const widgets_values = slots.map((slot) => widgetValue(node.raw, slot));
  const shown: NodeRecord = { ...node, raw: { ...node.raw, widgets_values } };
  tx.put(shown);
  return shown;
}
