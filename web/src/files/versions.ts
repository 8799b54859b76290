/** What is done with the versions of a workflow. */

import type { Diff, Records } from "@/document/diff";
import { differenceOf } from "@/document/difference";
import type { RecordId } from "@/document/records";
import { type OpenDocument, useSession } from "@/editor/session";
import { text, useLanguage } from "@/i18n/language";
import { toast } from "@/ui/toast";
import { createDocument, freeTitle } from "./create-document";
import { nameOfPath } from "./file-names";
import { reasonOf, report } from "./report";
import { readSaved, type Version } from "./user-workflows";
import { hideVersions } from "./window-state";
import { parseWorkflowText, readAnyWorkflow } from "./workflow-json";

/** Return what a version held. */
async function recordsOf(version: Version): Promise<Records> {
  const { content } = await readSaved(version.path);
  return (await readAnyWorkflow(parseWorkflowText(content, version.path), version.path)).records;
}

/** Open a version in a document of its own. */
export async function openVersion(path: string, version: Version): Promise<void> {
  const name = nameOfPath(path);
  try {
    const title = freeTitle(text("files.versionTitle", { name, time: clock(version.modified) }));
    createDocument(await recordsOf(version), { title, unsaved: true });
    hideVersions();
  } catch (error) {
    report(error, "files.notOpened", { name });
  }
}

/** Make an open document what a version was, as one step of undo. */
export async function restoreVersion(version: Version, document: OpenDocument): Promise<void> {
  try {
    const change = differenceOf(document.store.records, await recordsOf(version));
    document.store.apply("files.versionRestored", change);
    useSession.getState().activate(document.id);
    hideVersions();
    const undo = { label: text("files.undo"), run: () => void document.store.undo() };
    toast({ text: text("files.versionIsBack", { time: clock(version.modified) }), action: undo });
  } catch (error) {
    report(error, "files.notOpened", { name: document.title });
  }
}

/** Return in a sentence what tells an open document from a version. */
export async function compareVersion(version: Version, document: OpenDocument): Promise<string> {
  try {
    const counts = countChanges(differenceOf(await recordsOf(version), document.store.records));
    if (counts.added + counts.changed + counts.removed === 0) return text("files.sameAsNow");
    return text("files.comparedWithNow", counts);
  } catch (error) {
    return reasonOf(error);
  }
}

/** Count the nodes, links, groups and reroutes that were added, changed and taken away. */
function countChanges(diff: Diff): { added: number; changed: number; removed: number } {
  const counts = { added: 0, changed: 0, removed: 0 };
  for (const [id, { before, after }] of diff) {
    if (isSheet(id)) continue;
    if (!before) counts.added += 1;
    else if (!after) counts.removed += 1;
    else counts.changed += 1;
  }
  return counts;
}

const isSheet = (id: RecordId): boolean => id.startsWith("sheet:");

const clock = (time: number): string =>
  new Intl.DateTimeFormat(useLanguage.getState().language, { dateStyle: "short", timeStyle: "short" }).format(
    time,
  );
