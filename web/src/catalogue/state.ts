/** The kinds of nodes that there are now: the server's, and those that only the editor has. */

import { create } from "zustand";
import type { Catalogue } from "./definitions";

interface CatalogueState {
  /** Empty until it was loaded. */
  readonly catalogue: Catalogue;
  /** Why the last loading failed; null where it did not. */
  readonly error: string | null;
  readonly loaded: boolean;
}

/** The kinds as they were told last; `loadCatalogue` asks for them. */
export const useCatalogue = create<CatalogueState>(() => ({
  catalogue: new Map(),
  error: null,
  loaded: false,
}));
