/** Asks the server which kinds of nodes there are. */

import type { Catalogue } from "@/catalogue/definitions";
import { readObjectInfo } from "@/catalogue/object-info";
import { useCatalogue } from "@/catalogue/state";
import { OFFERED_KINDS } from "@/catalogue/virtual-kinds";
import type { JsonObject } from "@/document/records";
import { fetchJson } from "@/server/api";

/** Ask the server for its kinds of nodes, again as often as wanted; `error` says so where it fails. */
export async function loadCatalogue(): Promise<void> {
  try {
    const told = readObjectInfo(await fetchJson<JsonObject>("/object_info"));
    const own = OFFERED_KINDS.filter(({ type }) => !told.has(type));
    const catalogue: Catalogue = new Map([...told, ...own.map((kind) => [kind.type, kind] as const)]);
    useCatalogue.setState({ catalogue, error: null, loaded: true });
  } catch (error) {
    useCatalogue.setState({ error: error instanceof Error ? error.message : String(error) });
  }
}
