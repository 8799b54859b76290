/** Keeps a draft of every open document, from the start of the page to its end, wanted or not. */

import { type OpenDocument, useSession } from "@/editor/session";
import { text } from "@/i18n/language";
import { toast } from "@/ui/toast";
import { saveByItself } from "./autosave";
import type { DraftFacts } from "./journal";
import { KeptDocument } from "./kept-document";
import { savedFile, useSavedFiles } from "./saved-file";
import { isUnsaved, watchMark } from "./saved-marker";
import { holdDraft } from "./tab-locks";
import { thisBrowser } from "./this-browser";

interface Keep {
  readonly kept: KeptDocument;
  readonly end: () => void;
}

const keeps = new Map<string, Keep>();
const shownAt = new Map<string, number>();

/** Begin to keep drafts of what is open and of what will be opened. Call it once. */
export function keepDrafts(): void {
  follow(useSession.getState().documents);
  useSession.subscribe(({ documents, activeId }, before) => {
    if (activeId !== null && activeId !== before.activeId) shownAt.set(activeId, Date.now());
    if (documents !== before.documents) follow(documents);
    for (const { kept } of keeps.values()) kept.refresh();
  });
  useSavedFiles.subscribe(() => {
    for (const { kept } of keeps.values()) kept.refresh();
  });
  addEventListener("pagehide", flushDrafts);
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flushDrafts();
  });
}

/** Write everything that waits, as when the page is about to go. */
function flushDrafts(): void {
  for (const { kept } of keeps.values()) kept.flush(true);
}

/** Remember when a document that comes from a draft was shown last, in ms since 1970. */
export function rememberShown(id: string, at: number): void {
  shownAt.set(id, at);
}

function follow(documents: readonly OpenDocument[]): void {
  const open = new Set(documents.map(({ id }) => id));
  for (const [id, { kept, end }] of keeps) {
    if (open.has(id)) continue;
    keeps.delete(id);
    end();
    // The server's copy may stay behind while the server is away; it is offered as a draft later.
    kept.forget().catch(() => undefined);
  }
  for (const document of documents) if (!keeps.has(document.id)) keep(document);
}

function keep(document: OpenDocument): void {
  const { id } = document;
  const unwatch = watchMark(document);
  const unsave = saveByItself(document);
  const release = holdDraft(id);
  const kept = new KeptDocument(document, { facts: () => factsOf(id), failed });
  const end = () => {
    unwatch();
    unsave();
    release();
  };
  keeps.set(id, { kept, end });
}

function factsOf(id: string): DraftFacts | null {
  const { documents } = useSession.getState();
  const place = documents.findIndex((one) => one.id === id);
  const document = documents[place];
  if (!document) return null;
  const { title, path, savedSteps, scopes, instances, viewports } = document;
  return {
    id,
    title,
    path,
    tag: savedFile(id)?.tag ?? null,
    savedSteps,
    scopes,
    ...(instances && { instances }),
    viewports,
    place,
    shown: shownAt.get(id) ?? 0,
    browser: thisBrowser().name,
    // What was only opened is where it came from; it is no work that could be lost.
    unsaved: isUnsaved(document) && document.store.done.length + document.store.undone.length > 0,
  };
}

function failed(error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  toast({ text: text("files.noBrowserDrafts"), detail, kind: "warning", key: "files.noBrowserDrafts" });
}
