/** The kinds of nodes that there are now: the server's, and those that only the editor has. */

import { create } from "zustand";
import type { JsonObject } from "@/document/records";
import { fetchJson } from "@/server/api";
import type { Catalogue } from "./definitions";
import { readObjectInfo } from "./object-info";
import { OFFERED_KINDS } from "./virtual-kinds";

interface CatalogueState {
  /** Empty until it was loaded. */
  readonly catalogue: Catalogue;
  /** Why the last loading failed; null where it did not. */
  readonly error: string | null;
  readonly loaded: boolean;
}

export const useCatalogue = create<CatalogueState>(() => ({
  catalogue: new Map(),
  error: null,
  loaded: false,
}));

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
