/** Which kinds of nodes a workflow uses that the server has not, and what comes near to them. */

import type { Catalogue } from "@/catalogue/definitions";
import type { Records } from "@/document/diff";
import { idOf, isObject, type NodeRecord, type RecordId } from "@/document/records";
import { nodeDefinitionOf } from "@/document/subgraphs";

/** A kind that is missing. */
export interface MissingKind {
  readonly type: string;
  /** The nodes of this kind. */
  readonly ids: readonly RecordId[];
  /** The pack that the file says it comes from; null where it says nothing. */
  readonly pack: string | null;
  /** The kind with the nearest name, if one is near. */
  readonly nearest: string | null;
}

/** Return the kinds that are missing, most used first. */
export function missingKinds(records: Records, catalogue: Catalogue): readonly MissingKind[] {
  const found = new Map<string, NodeRecord[]>();
  for (const record of records.values()) {
    if (record.kind !== "node" || nodeDefinitionOf(records, catalogue, record.raw, record.scope)) continue;
    const same = found.get(record.raw.type) ?? [];
    same.push(record);
    found.set(record.raw.type, same);
  }
  return [...found]
    .map(([type, nodes]) => ({
      type,
      ids: nodes.map(idOf),
      pack: nodes.map(packOf).find((pack) => pack !== null) ?? null,
      nearest: nearestKind(type, catalogue.keys()),
    }))
    .sort((one, other) => other.ids.length - one.ids.length);
}

function packOf({ raw }: NodeRecord): string | null {
  const properties = isObject(raw.properties) ? raw.properties : {};
  for (const key of ["cnr_id", "aux_id"]) {
    const value = properties[key];
    if (typeof value === "string" && value !== "" && value !== "comfy-core") return value;
  }
  return null;
}

/** How much of two names must agree, from 0 to 1. */
const NEAR = 0.6;

/** Return the name that shares most pairs of letters with another, null where none shares enough. */
export function nearestKind(type: string, kinds: Iterable<string>): string | null {
  const own = pairsOf(type);
  let [best, nearest]: [number, string | null] = [NEAR, null];
  for (const kind of kinds) {
    const other = pairsOf(kind);
    const shared = [...own].filter((pair) => other.has(pair)).length;
    const agreement = (2 * shared) / (own.size + other.size || 1);
    if (agreement > best) [best, nearest] = [agreement, kind];
  }
  return nearest;
}

function pairsOf(name: string): ReadonlySet<string> {
  const letters = name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return new Set([...letters].slice(1).map((letter, at) => `${letters[at]}${letter}`));
}
