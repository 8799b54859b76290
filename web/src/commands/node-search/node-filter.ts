/** Which kinds of nodes the palette lists. */

import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { searchNodes } from "@/catalogue/search";
import { accepts } from "@/catalogue/socket-types";

export interface NodeFilter {
  /** The node takes this type. */
  readonly input?: string | undefined;
  /** The node gives this type. */
  readonly output?: string | undefined;
  readonly pack?: string | undefined;
}

/** A heading of the list, or null where the list has none, and what is below it. */
export interface NodeGroup {
  readonly heading: "favourites" | "recent" | "all" | null;
  readonly nodes: readonly NodeDefinition[];
}

interface Usage {
  readonly counts: Readonly<Record<string, number>>;
  readonly recent: readonly string[];
  readonly favourites: readonly string[];
}

/** The most kinds that are listed. */
const MOST = 80;

/** Whether a kind of node passes every filter that is set. */
export function passes(definition: NodeDefinition, { input, output, pack }: NodeFilter): boolean {
  if (pack !== undefined && definition.module !== pack) return false;
  if (input !== undefined && !definition.inputs.some((one) => accepts(input, one.type))) return false;
  return output === undefined || definition.outputs.some((one) => accepts(one.type, output));
}

/** Return what the palette lists: while nothing was typed, favourites and recent ones before all. */
export function nodeGroups(
  catalogue: Catalogue,
  query: string,
  filter: NodeFilter,
  usage: Usage,
): readonly NodeGroup[] {
  const { counts, recent, favourites } = usage;
  const found = searchNodes(catalogue, query, { usage: counts }).filter((one) => passes(one, filter));
  if (query.trim() !== "") return [{ heading: null, nodes: found.slice(0, MOST) }];
  const byType = new Map(found.map((one) => [one.type, one]));
  const listed = (types: readonly string[]) => types.flatMap((type) => byType.get(type) ?? []);
  const groups: readonly NodeGroup[] = [
    { heading: "favourites", nodes: listed(favourites) },
    { heading: "recent", nodes: listed(recent.filter((type) => !favourites.includes(type))) },
    { heading: "all", nodes: found.slice(0, MOST) },
  ];
  return groups.filter(({ nodes }) => nodes.length > 0);
}

/** The types that sockets of one side have, and the packs that there are, in the order of the alphabet. */
export function filterChoices(catalogue: Catalogue): {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly packs: readonly string[];
} {
  const inputs = new Set<string>();
  const outputs = new Set<string>();
  const packs = new Set<string>();
  for (const definition of catalogue.values()) {
    for (const { type } of definition.inputs) inputs.add(type);
    for (const { type } of definition.outputs) outputs.add(type);
    packs.add(definition.module);
  }
  const sorted = (set: ReadonlySet<string>) => [...set].sort((one, other) => one.localeCompare(other));
  return { inputs: sorted(inputs), outputs: sorted(outputs), packs: sorted(packs) };
}
