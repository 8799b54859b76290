/** Takes into an open document what others saved in its file meanwhile. */

import type { Diff, Records } from "@/document/diff";
import { differenceOf } from "@/document/difference";
import { mendLinks } from "@/document/mend-links";
import { mergeDiffs } from "@/document/merge";
import { readWorkflow } from "@/document/read";
import { isObject, type RecordId } from "@/document/records";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import { ServerError } from "@/server/api";
import { toast } from "@/ui/toast";
import { showConflicts } from "./conflicts";
import { rememberFile, savedFile } from "./saved-file";
import { isUnsaved, markSaved } from "./saved-marker";
import { readSaved, versionPath } from "./user-workflows";
import { parseWorkflowText } from "./workflow-json";

/**
 * Merge what the file holds now into the document, as one step of undo. Where both changed the same thing, the
 * document keeps its own; the other stays as a version of the file, and the user is told.
 *
 * @returns false where there is no such file any more.
 */
export async function takeInSaved(document: OpenDocument): Promise<boolean> {
  const { id, path, store, title } = document;
  const file = savedFile(id);
  if (path === null || !file) return false;
  const saved = await readSaved(path).catch(unlessMissing);
  if (!saved) return false;
  if (saved.tag === file.tag) return true;
  const theirs = recordsIn(saved.content, title);
  const base = file.base ?? (await baseOf(path, file.tag, title)) ?? theirs;
  const wasSaved = !isUnsaved(document);
  const theirChange = differenceOf(base, theirs);
  const { diff, conflicts } = mergeDiffs(differenceOf(base, store.records), theirChange);
  store.apply("files.merged", whole(store.records, diff));
  rememberFile(id, { tag: saved.tag, base: theirs });
  if (wasSaved) markSaved(id, store.done.length);
  if (theirChange.size > 0) tell(document, conflicts, saved.tag, theirs);
  return true;
}

/** Return the diff with what mends the links that it leaves without an end. */
function whole(records: Records, diff: Diff): Diff {
  const merged = new Map(records);
  for (const [id, { after }] of diff) {
    if (after) merged.set(id, after);
    else merged.delete(id);
  }
  return new Map([...diff, ...mendLinks(merged, diff)]);
}

function tell(document: OpenDocument, conflicts: readonly RecordId[], tag: string, theirs: Records): void {
  const { title } = document;
  if (conflicts.length > 0) showConflicts({ documentId: document.id, tag, ids: conflicts, theirs });
  else toast({ text: text("files.mergedIn", { title }), kind: "info", key: `merged:${document.id}` });
}

/** Return what the file held when the document was read from it, while its versions have it. */
async function baseOf(path: string, tag: string, title: string): Promise<Records | undefined> {
  const version = await readSaved(versionPath(path, tag)).catch(unlessMissing);
  return version && recordsIn(version.content, title);
}

function recordsIn(content: string, title: string): Records {
  const json = parseWorkflowText(content, title);
  return readWorkflow(isObject(json) ? json : {});
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof ServerError && error.status === 404) return undefined;
  throw error;
}
