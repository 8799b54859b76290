/** Which workflows are open, which one is shown, and what is selected and looked at in each. */

import { useSyncExternalStore } from "react";
import { create } from "zustand";
import type { Diff } from "@/document/diff";
import type { DocumentRecord, FileId, RecordId, Scope, SheetRecord } from "@/document/records";
import { nodeId, ROOT, sheetId } from "@/document/records";
import type { DocumentStore } from "@/document/store";

/** How a sheet is looked at: canvas point (0, 0) is drawn at (x, y) in CSS pixels; `zoom` 1 is 100 %. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** A workflow that is open. None of this enters its history. */
export interface OpenDocument {
  /** Identifies it in this browser, also over restarts: its draft is kept under this id. */
  readonly id: string;
  /** What the tab says. */
  readonly title: string;
  /** Where it is saved, such as `workflows/portrait.json`; null while it is nowhere. */
  readonly path: string | null;
  readonly store: DocumentStore;
  /** Number of steps that were done when it was saved last; another number means unsaved changes. */
  readonly savedSteps: number;
  /** The sheets that were entered, outermost first; the last one is shown. Begins with `root`. */
  readonly scopes: readonly Scope[];
  /**
   * Ids of the nodes by way of which the sheets after the first were entered, as far as it was told:
   * `instancesEntered` completes them.
   */
  readonly instances?: readonly FileId[];
  /** Ids of selected nodes, groups and reroutes of the sheet that is shown. */
  readonly selection: ReadonlySet<RecordId>;
  /** How each sheet was looked at last; a sheet without an entry is fitted into the window. */
  readonly viewports: Readonly<Record<Scope, Viewport>>;
}

interface Session {
  readonly documents: readonly OpenDocument[];
  readonly activeId: string | null;
  /** Add a document and show it. */
  open(document: OpenDocument): void;
  close(id: string): void;
  activate(id: string): void;
  /** Change what is kept about an open document. */
  amend(id: string, change: Partial<Omit<OpenDocument, "id" | "store">>): void;
}

/** What is open in this tab of the browser. */
export const useSession = create<Session>((set) => ({
  documents: [],
  activeId: null,
  open: (document) => {
    set(({ documents }) => ({
      documents: [...documents.filter((one) => one.id !== document.id), document],
      activeId: document.id,
    }));
    document.store.subscribe((diff) => forgetWhatIsGone(document.id, diff));
  },
  close: (id) =>
    set(({ documents, activeId }) => {
      const place = documents.findIndex((one) => one.id === id);
      const left = documents.filter((one) => one.id !== id);
      const next = left[Math.min(place, left.length - 1)]?.id ?? null;
      return { documents: left, activeId: activeId === id ? next : activeId };
    }),
  activate: (id) => set({ activeId: id }),
  amend: (id, change) =>
    set(({ documents }) => ({
      documents: documents.map((one) => (one.id === id ? { ...one, ...change } : one)),
    })),
}));

/** What a change took away is no longer selected, and a sheet that it took away no longer shown. */
function forgetWhatIsGone(id: string, diff: Diff): void {
  const gone = new Set([...diff].filter(([, { after }]) => !after).map(([record]) => record));
  const document = useSession.getState().documents.find((one) => one.id === id);
  if (gone.size === 0 || !document) return;
  const { scopes, instances = [], selection } = document;
  const isEntered = (at: number) => gone.has(nodeId(scopes[at - 1] ?? ROOT, instances[at - 1] ?? ""));
  const place = scopes.findIndex((scope, at) => gone.has(sheetId(scope)) || (at > 0 && isEntered(at)));
  const left = [...selection].filter((one) => !gone.has(one));
  if (place < 0 && left.length === selection.size) return;
  const shown = place < 0 ? {} : { scopes: scopes.slice(0, Math.max(place, 1)) };
  useSession.getState().amend(id, { selection: new Set(left), ...shown });
}

/** Return the document that is shown, or undefined while none is open. For use outside React. */
export function activeDocument(): OpenDocument | undefined {
  const { documents, activeId } = useSession.getState();
  return documents.find((one) => one.id === activeId);
}

/** Return the sheet of a document that is shown. */
export const shownScope = (document: OpenDocument): Scope => document.scopes.at(-1) ?? ROOT;

/** Return the document that is shown; the component is drawn anew when it, or what is kept about it, changes. */
export function useActiveDocument(): OpenDocument | undefined {
  return useSession(({ documents, activeId }) => documents.find((one) => one.id === activeId));
}

/** Return a record; the component is drawn anew only when this record changes. */
export function useRecord(store: DocumentStore, id: RecordId): DocumentRecord | undefined {
  return useSyncExternalStore(
    (changed) => store.watch(id, changed),
    () => store.get(id),
  );
}

/** Return a sheet: which nodes, links, groups and reroutes are on it. Undefined where it was removed. */
export function useSheet(store: DocumentStore, scope: Scope): SheetRecord | undefined {
  const record = useRecord(store, sheetId(scope));
  return record?.kind === "sheet" ? record : undefined;
}
