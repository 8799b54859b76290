/** Saves documents as files of the user's on the server; nothing that was not seen is ever overwritten. */

import { stringifyExact } from "@/document/exact-json";
import { writeWorkflow } from "@/document/write";
import { type OpenDocument, useSession } from "@/editor/session";
import { text } from "@/i18n/language";
import { ServerError } from "@/server/api";
import { announce } from "@/ui/announce";
import { choose } from "@/ui/confirm";
import { promptText } from "@/ui/prompt";
import { toast } from "@/ui/toast";
import { freeTitle } from "./create-document";
import { nameOfPath, pathOfName, wrongName } from "./file-names";
import { takeInSaved } from "./merge-saved";
import { titleOfPath } from "./open";
import { tellSaved } from "./other-tabs";
import { rememberRecent } from "./recent-files";
import { report } from "./report";
import { inTurn } from "./save-turns";
import { rememberFile, savedFile } from "./saved-file";
import { markSaved } from "./saved-marker";
import { currentTag, writeSaved } from "./user-workflows";
import { filesChanged } from "./workflow-list";

/** How often a save may find that the file was changed meanwhile before it gives up. */
const TRIES = 4;

/**
 * Save a document in its file, or ask for one where it has none. What others saved there meanwhile is merged in
 * first. Returns whether it was saved; errors are shown.
 */
export function save({ id }: OpenDocument): Promise<boolean> {
  return inTurn(id, async () => {
    const document = openDocument(id);
    if (!document) return false;
    return document.path === null ? savedUnderName(document) : savedInFile(document, document.path);
  });
}

/** Ask for a name and save the document there, which then is its file. Returns whether it was saved. */
export function saveAs({ id }: OpenDocument): Promise<boolean> {
  return inTurn(id, async () => {
    const document = openDocument(id);
    return document !== undefined && savedUnderName(document);
  });
}

async function savedInFile(document: OpenDocument, path: string): Promise<boolean> {
  try {
    for (let tries = 0; tries < TRIES; tries++) {
      if (!(await written(document, path))) continue;
      announce(text("files.saved", { path: nameOfPath(path) }));
      return true;
    }
    throw new ServerError(412, "changed", text("files.changesAgain"));
  } catch (error) {
    report(error, "files.notSaved", { title: document.title });
    return false;
  }
}

async function savedUnderName(document: OpenDocument): Promise<boolean> {
  const asked = await askPath(document.path === null ? document.title : nameOfPath(document.path));
  if (asked === null) return false;
  const { path, known } = asked;
  try {
    await write(document, path, known);
    useSession.getState().amend(document.id, { path, title: titleOfPath(path) });
    toast({ text: text("files.saved", { path: nameOfPath(path) }), kind: "success" });
    return true;
  } catch (error) {
    report(error, "files.notSaved", { title: document.title });
    return false;
  }
}

/** Return a document as it is now; undefined where it was closed meanwhile. */
function openDocument(id: string): OpenDocument | undefined {
  return useSession.getState().documents.find((one) => one.id === id);
}

/** Save the document in a further file and leave it as it is; returns the path, or null. */
export async function saveCopy(document: OpenDocument): Promise<string | null> {
  const asked = await askPath(text("files.copyOf", { title: document.title }));
  if (asked === null) return null;
  try {
    await writeSaved(asked.path, contentOf(document), asked.known);
    filesChanged();
    toast({ text: text("files.saved", { path: nameOfPath(asked.path) }), kind: "success" });
    return asked.path;
  } catch (error) {
    report(error, "files.notSaved", { title: document.title });
    return null;
  }
}

/** Let a document be a copy that is in no file, so that another tab may go on with the file. */
export function detachCopy({ id, title }: OpenDocument): void {
  rememberFile(id, null);
  const copy = freeTitle(text("files.copyOf", { title }));
  useSession.getState().amend(id, { path: null, title: copy, savedSteps: -1 });
}

/** Return the document as the text of a file. */
export function contentOf({ store }: OpenDocument): string {
  return stringifyExact(writeWorkflow(store.records), 2);
}

/** Write the document unless its file was changed; then take that in and return false. */
async function written(document: OpenDocument, path: string): Promise<boolean> {
  const known = savedFile(document.id)?.tag ?? null;
  try {
    await write(document, path, known);
    return true;
  } catch (error) {
    if (!(error instanceof ServerError) || (error.status !== 412 && error.status !== 409)) throw error;
    // Where the file was deleted, saving brings it back.
    if (!(await takeInSaved(document))) rememberFile(document.id, null);
    return false;
  }
}

async function write(document: OpenDocument, path: string, known: string | null): Promise<void> {
  const { id, store } = document;
  const steps = store.done.length;
  const base = new Map(store.records);
  const tag = await writeSaved(path, contentOf(document), known);
  rememberFile(id, { tag, base });
  markSaved(id, steps);
  rememberRecent(path);
  tellSaved(path, tag);
  filesChanged();
}

/** Ask under which name to save; null where the user gave none or would not replace what is there. */
async function askPath(value: string): Promise<{ path: string; known: string | null } | null> {
  const name = await promptText({
    title: text("files.saveAs"),
    text: text("files.saveAsHint"),
    label: text("files.name"),
    value,
    action: text("common.save"),
    check: wrongName,
  });
  if (name === null) return null;
  const path = pathOfName(name);
  const known = await currentTag(path).catch(() => null);
  if (known === null) return { path, known };
  const answer = await choose({
    title: text("files.exists", { name }),
    text: text("files.existsText"),
    choices: [
      { id: "name", label: text("files.otherName"), kind: "plain" },
      { id: "replace", label: text("files.replace"), kind: "primary" },
    ],
  });
  if (answer === "name") return askPath(name);
  return answer === "replace" ? { path, known } : null;
}
