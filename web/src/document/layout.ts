/** Nodes arranged in the direction of their links. The work is done beside the page, in a worker. */

import Layouter, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk-api";
import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import { amendGroup, boundingOf, boundsAround, itemsInGroup } from "./groups";
import { moveItems, sizeOf } from "./nodes";
import {
  type GroupRecord,
  groupId,
  idOf,
  type Json,
  type NodeRecord,
  nodeId,
  type Point,
  type RecordId,
  type RecordSource,
  type Scope,
  type Size,
  sheetOf,
} from "./records";
import type { Transaction } from "./transaction";

const TITLE = 30;
const GROUP_TITLE = 44;
const PADDING = 16;
const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.layered.spacing.nodeNodeBetweenLayers": "80",
  "elk.spacing.nodeNode": "40",
  "elk.spacing.componentComponent": "80",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
};
const IN_GROUP = {
  "elk.padding": `[top=${GROUP_TITLE + PADDING},left=${PADDING},bottom=${PADDING},right=${PADDING}]`,
};

let layouter: InstanceType<typeof Layouter> | undefined;

/**
 * Return where the nodes of a sheet, and the groups with those that lie in them, should be. Pinned nodes stay
 * and are not looked at; nodes of one group stay together; the whole begins where it began before.
 *
 * @param sizes What nodes are drawn with: the size of the body in canvas pixels.
 */
export async function arrangeAutomatically(
  records: RecordSource,
  scope: Scope,
  sizes: ReadonlyMap<RecordId, Size>,
): Promise<ReadonlyMap<RecordId, Point>> {
  layouter ??= new Layouter({ workerFactory: () => new Worker(workerUrl) });
  const graph = layoutGraph(records, scope, sizes);
  if (!graph.children?.length) return new Map();
  return placesFrom(records, await layouter.layout(graph));
}

/** Return the graph that is laid out: its ids are record ids. */
export function layoutGraph(
  records: RecordSource,
  scope: Scope,
  sizes: ReadonlyMap<RecordId, Size>,
): ElkNode {
  const sheet = sheetOf(records, scope);
  const all = (sheet?.nodes ?? []).map((id) => records.get(id)).filter((node) => node?.kind === "node");
  const nodes = all.filter(({ raw }) => raw.flags?.pinned !== true);
  const owners = groupsOf(records, scope, nodes);
  const children = new Map<RecordId | undefined, ElkNode[]>();
  for (const node of nodes) {
    const owner = owners.get(idOfNode(node));
    children.set(owner, [...(children.get(owner) ?? []), boxOf(node, sizes)]);
  }
  const groups = [...children].flatMap(([id, inside]) =>
    id === undefined ? [] : [{ id, children: inside, layoutOptions: IN_GROUP }],
  );
  return {
    id: scope,
    layoutOptions: OPTIONS,
    children: [...(children.get(undefined) ?? []), ...groups],
    edges: edgesBetween(records, scope, new Set(nodes.map(idOfNode))),
  };
}

const idOfNode = ({ scope, raw }: NodeRecord): RecordId => nodeId(scope, raw.id);

/** The smallest group that each node lies in; groups in groups are left where they are. */
function groupsOf(
  records: RecordSource,
  scope: Scope,
  nodes: readonly NodeRecord[],
): Map<RecordId, RecordId> {
  const groups = (sheetOf(records, scope)?.groups ?? []).map((id) => records.get(id));
  const area = ({ raw }: GroupRecord) => boundingOf(raw)[2] * boundingOf(raw)[3];
  const owners = new Map<RecordId, RecordId>();
  const known = new Set(nodes.map(idOfNode));
  const bySize = groups
    .filter((group) => group?.kind === "group")
    .sort((one, other) => area(one) - area(other));
  for (const group of bySize) {
    for (const id of itemsInGroup(records, group)) {
      if (known.has(id) && !owners.has(id)) owners.set(id, groupId(scope, group.key));
    }
  }
  return owners;
}

function boxOf(node: NodeRecord, sizes: ReadonlyMap<RecordId, Size>): ElkNode {
  const id = idOfNode(node);
  const [width, height] = sizes.get(id) ?? sizeOf(node.raw);
  const port = (side: "in" | "out", at: number) => ({
    id: portId(id, side, at),
    layoutOptions: {
      "elk.port.side": side === "in" ? "WEST" : "EAST",
      "elk.port.index": String(side === "in" ? -at : at),
    },
  });
  const inputs = (node.raw.inputs ?? []).flatMap(({ link }, at) =>
    link === null || link === undefined ? [] : [port("in", at)],
  );
  const outputs = (node.raw.outputs ?? []).flatMap(({ links }, at) =>
    links?.length ? [port("out", at)] : [],
  );
  return {
    id,
    width,
    height: height + TITLE,
    ports: [...inputs, ...outputs],
    layoutOptions: { "elk.portConstraints": "FIXED_ORDER" },
  };
}

const portId = (id: RecordId, side: "in" | "out", slot: number): string => `${id} ${side} ${slot}`;

function edgesBetween(records: RecordSource, scope: Scope, known: ReadonlySet<RecordId>): ElkExtendedEdge[] {
  const links = (sheetOf(records, scope)?.links ?? []).map((id) => records.get(id));
  return links.flatMap((link) => {
    if (link?.kind !== "link") return [];
    const from = nodeId(scope, link.origin);
    const to = nodeId(scope, link.target);
    if (!known.has(from) || !known.has(to)) return [];
    const sources = [portId(from, "out", link.originSlot)];
    return [{ id: `link:${link.id}`, sources, targets: [portId(to, "in", link.targetSlot)] }];
  });
}

/** Return where a graph that was laid out has the records that it was made of. */
export function placesFrom(records: RecordSource, graph: ElkNode): Map<RecordId, Point> {
  const places = new Map<RecordId, Point>();
  for (const item of graph.children ?? []) {
    const [x, y] = [item.x ?? 0, item.y ?? 0];
    if (!item.children) places.set(item.id, [x, y + TITLE]);
    else places.set(item.id, [x, y]);
    for (const inner of item.children ?? [])
      places.set(inner.id, [x + (inner.x ?? 0), y + (inner.y ?? 0) + TITLE]);
  }
  const before = boundsAround(records, places.keys()) ?? [0, 0, 0, 0];
  const left = Math.min(...(graph.children ?? []).map(({ x }) => x ?? 0));
  const top = Math.min(...(graph.children ?? []).map(({ y }) => y ?? 0));
  const [dx, dy] = [before[0] - left, before[1] - top];
  return new Map([...places].map(([id, [x, y]]) => [id, [Math.round(x + dx), Math.round(y + dy)]]));
}

/**
 * Move things to where an arrangement has them; groups are drawn around the nodes that lay in them. What was
 * deleted while it was being arranged is left out.
 *
 * @param moves As `arrangeAutomatically` returned them.
 * @param sizes What nodes are drawn with: the size of the body in canvas pixels.
 */
export function applyArrangement(
  tx: Transaction,
  scope: Scope,
  moves: ReadonlyMap<RecordId, Point>,
  sizes: ReadonlyMap<RecordId, Size>,
): void {
  const there = new Map([...moves].filter(([id]) => tx.get(id) !== undefined));
  const all = [...there.keys()].map((id) => tx.get(id));
  const owners = groupsOf(
    tx,
    scope,
    all.filter((record) => record?.kind === "node"),
  );
  moveItems(tx, there);
  for (const group of all) {
    if (group?.kind !== "group") continue;
    const members = [...owners].flatMap(([id, owner]) => (owner === idOf(group) ? [id] : []));
    const bounding = frameAround(members.map((id) => [moves.get(id) ?? [0, 0], sizes.get(id) ?? [0, 0]]));
    if (members.length > 0) amendGroup(tx, scope, group.key, { bounding });
  }
}

function frameAround(boxes: readonly (readonly [Point, Size])[]): Json {
  const left = Math.min(...boxes.map(([[x]]) => x)) - PADDING;
  const top = Math.min(...boxes.map(([[, y]]) => y)) - TITLE - GROUP_TITLE - PADDING;
  const right = Math.max(...boxes.map(([[x], [width]]) => x + width)) + PADDING;
  const bottom = Math.max(...boxes.map(([[, y], [, height]]) => y + height)) + PADDING;
  return [left, top, right - left, bottom - top];
}
