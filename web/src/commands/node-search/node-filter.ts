/** Which kinds of nodes the palette lists. */

import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { searchNodes } from "@/catalogue/search";
import { accepts } from "@/catalogue/socket-types";

/** What the nodes in the list have in common; what is left out does not matter. */
export interface NodeFilter {
  /** The node takes this type. */
  readonly input?: string | undefined;
  /** The node gives this type. */
  readonly output?: string | undefined;
  readonly pack?: string | undefined;
}

/** A part of the list: what was found, favourites, what was used last, or a category. */
export interface NodeGroup {
  readonly kind: "found" | "favourites" | "recent" | "category";
  /** Name of the category; empty for other groups. */
  readonly name: string;
  readonly nodes: readonly NodeDefinition[];
}

interface Usage {
  readonly counts: Readonly<Record<string, number>>;
  readonly recent: readonly string[];
  readonly favourites: readonly string[];
}

/** The most kinds that are listed for what was typed, and in all where nothing was. */
const MOST_FOUND = 80;
const MOST_IN_ALL = 400;

/** Whether a kind of node passes every filter that is set. */
export function passes(definition: NodeDefinition, { input, output, pack }: NodeFilter): boolean {
  if (pack !== undefined && definition.module !== pack) return false;
  if (input !== undefined && !definition.inputs.some((one) => accepts(input, one.type))) return false;
  return output === undefined || definition.outputs.some((one) => accepts(one.type, output));
}

/** Return what the palette lists: while nothing was typed, favourites and recent ones, then all by categories. */
export function nodeGroups(
  catalogue: Catalogue,
  query: string,
  filter: NodeFilter,
  usage: Usage,
): readonly NodeGroup[] {
  const { counts, recent, favourites } = usage;
  const found = searchNodes(catalogue, query, { usage: counts }).filter((one) => passes(one, filter));
  if (query.trim() !== "") return grouped("found", found.slice(0, MOST_FOUND));
  const byType = new Map(found.map((one) => [one.type, one]));
  const listed = (types: readonly string[]) => types.flatMap((type) => byType.get(type) ?? []);
  return [
    ...grouped("favourites", listed(favourites)),
    ...grouped("recent", listed(recent.filter((type) => !favourites.includes(type)))),
    ...byCategory(found.slice(0, MOST_IN_ALL)),
  ];
}

const grouped = (kind: NodeGroup["kind"], nodes: readonly NodeDefinition[]): readonly NodeGroup[] =>
  nodes.length > 0 ? [{ kind, name: "", nodes }] : [];

/** The categories that a workflow begins with, in the order in which it is built. */
const FIRST = ["loaders", "conditioning", "sampling", "latent", "image", "mask", "training"];

/** Those that hardly anybody begins with. */
const LAST = /^(_|advanced|deprecated|experimental)/;

/** What a category is sorted by: the first ones, the others by the alphabet, the last ones. */
function orderOf(category: string): string {
  const place = FIRST.indexOf(category.split("/", 1)[0] ?? "");
  if (place >= 0) return `0${place}${category}`;
  return LAST.test(category) ? `2${category}` : `1${category}`;
}

/** Categories in their order, and the kinds of each by their titles. */
function byCategory(definitions: readonly NodeDefinition[]): readonly NodeGroup[] {
  const categories = new Map<string, NodeDefinition[]>();
  for (const definition of definitions) {
    const list = categories.get(definition.category) ?? [];
    categories.set(definition.category, list);
    list.push(definition);
  }
  return [...categories]
    .sort(([one], [other]) => orderOf(one).localeCompare(orderOf(other)))
    .map(([name, nodes]) => ({
      kind: "category",
      name,
      nodes: nodes.sort((one, other) => one.title.localeCompare(other.title)),
    }));
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
