/** Which reroutes go into a subgraph with its nodes, and which stay outside. */

import { type LinkRecord, linkId, type RerouteRecord, type Scope } from "./records";
import { chainTo } from "./reroute-chains";
import type { Transaction } from "./transaction";

/** The reroutes of wires that are cut by the edge of a new subgraph. */
export interface MovedReroutes {
  /** The reroutes that move, with their links as they are inside. */
  readonly inside: readonly RerouteRecord[];
  /** Return the last reroute inside of a link that leads to a node inside. */
  parentInside(link: LinkRecord): number | undefined;
  /** Return the last reroute outside of a link that takes the place of some. */
  parentOutside(links: readonly LinkRecord[]): number | undefined;
}

interface Wires {
  readonly inner: readonly LinkRecord[];
  readonly incoming: readonly (readonly LinkRecord[])[];
  readonly outgoing: readonly (readonly LinkRecord[])[];
}

/**
 * Split the reroutes of a sheet. Those that only links between chosen nodes are led through move inside, and
 * so do those on the way of an incoming link that others from the same output do not share.
 */
export function splitReroutes(tx: Transaction, scope: Scope, { inner, incoming }: Wires): MovedReroutes {
  const chains = new Map<string, RerouteRecord[]>();
  const users = new Map<number, Set<string>>();
  for (const id of tx.sheet(scope).links) {
    const link = tx.get(id);
    if (link?.kind !== "link" || link.parent === undefined) continue;
    const chain = chainTo(tx, scope, link.parent);
    chains.set(id, chain);
    for (const { raw } of chain) users.set(raw.id, (users.get(raw.id) ?? new Set()).add(id));
  }
  const keyOf = (link: LinkRecord) => linkId(scope, link.id);
  const movable = new Set(inner.map(keyOf));
  // An incoming link's own part of the way lies inside; what all of its group share stays outside.
  for (const links of incoming) if (links.length > 1) for (const link of links) movable.add(keyOf(link));
  const shared = new Set(
    incoming.flatMap((links) => sharedBy(links.map((link) => chains.get(keyOf(link)) ?? []))),
  );
  const moves = (reroute: RerouteRecord) =>
    !shared.has(reroute.raw.id) && [...(users.get(reroute.raw.id) ?? [])].every((id) => movable.has(id));
  const chosen = new Map(
    [...chains.values()]
      .flat()
      .filter(moves)
      .map((reroute) => [reroute.raw.id, reroute]),
  );
  return {
    inside: [...chosen.values()].map((reroute) => cutOff(reroute, chosen)),
    parentInside: (link) => chains.get(keyOf(link))?.findLast(({ raw }) => chosen.has(raw.id))?.raw.id,
    parentOutside: (links) => {
      const common = sharedBy(links.map((link) => chains.get(keyOf(link)) ?? []));
      return common.findLast((id) => !chosen.has(id));
    },
  };
}

/** Return the ids of the reroutes that all of some chains begin with. */
function sharedBy([first, ...others]: readonly (readonly RerouteRecord[])[]): number[] {
  const ids = (first ?? []).map(({ raw }) => raw.id);
  const end = ids.findIndex((id, at) => others.some((chain) => chain[at]?.raw.id !== id));
  return end < 0 ? ids : ids.slice(0, end);
}

function cutOff(reroute: RerouteRecord, chosen: ReadonlyMap<number, RerouteRecord>): RerouteRecord {
  const { parentId, ...others } = reroute.raw;
  if (parentId === undefined || chosen.has(parentId)) return reroute;
  return { ...reroute, raw: others as RerouteRecord["raw"] };
}
