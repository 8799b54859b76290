/** Takes workflows out of the editor: as files of this machine, and as addresses. */

import { stringifyExact } from "@/document/exact-json";
import type { JsonObject } from "@/document/records";
import { writeWorkflow } from "@/document/write";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import { fetchJson } from "@/server/api";
import { toast } from "@/ui/toast";
import { filePlace } from "./file-place";
import { withText } from "./png-writer";
import { report } from "./report";
import { contentOf } from "./save";
import { FOLDER } from "./user-workflows";

/** Hand a file to the browser, which saves it. */
export function download(name: string, content: Blob | string, type = "application/json"): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Return a title as the name of a file. */
function fileNameOf(title: string): string {
  return title.replace(/[^\p{L}\p{N}._ -]+/gu, "_").trim() || "workflow";
}

/** Save the workflow on this machine. */
export function exportJson(document: OpenDocument): void {
  download(`${fileNameOf(document.title)}.json`, contentOf(document));
}

/** Save what the workflow runs on this machine: nodes by id, as `POST /prompt` takes them. */
export async function exportApi(document: OpenDocument): Promise<void> {
  const { workflow } = await converted(document, "api");
  if (workflow) download(`${fileNameOf(document.title)}_api.json`, stringifyExact(workflow, 2));
}

/** Save the workflow on this machine as a Python script. */
export async function exportPython(document: OpenDocument): Promise<void> {
  const { text: script } = await converted(document, "python");
  if (script !== undefined) download(`${fileNameOf(document.title)}.py`, script, "text/x-python");
}

/** Save a picture of the sheet that is shown on this machine; dropped on the editor, it opens the workflow again. */
export async function exportPicture(document: OpenDocument): Promise<void> {
  const { store, title } = document;
  const picture = await filePlace()?.picture();
  if (!picture) {
    toast({ text: text("files.nothingToDraw"), kind: "warning" });
    return;
  }
  const workflow = stringifyExact(writeWorkflow(store.records));
  download(`${fileNameOf(title)}.png`, await withText(picture, "workflow", workflow));
}

interface Conversion {
  readonly workflow?: JsonObject;
  readonly text?: string;
  readonly notes: readonly string[];
}

async function converted({ store, title }: OpenDocument, to: "api" | "python"): Promise<Conversion> {
  try {
    const workflow = writeWorkflow(store.records);
    const answer = await fetchJson<Conversion>("/workflow/convert", { json: { workflow, to } });
    if (answer.notes.length > 0) {
      toast({ text: text("files.notes", { title }), detail: answer.notes.join("\n"), kind: "warning" });
    }
    return answer;
  } catch (error) {
    report(error, "files.notExported", { title });
    return { notes: [] };
  }
}

/** Put the address that opens a saved workflow on the clipboard; shows it where that is not allowed. */
export async function copyLink(path: string): Promise<void> {
  const address = new URL(document.baseURI);
  address.search = new URLSearchParams({ workflow: path.slice(FOLDER.length) }).toString();
  try {
    await navigator.clipboard.writeText(address.href);
    toast({ text: text("files.linkCopied"), detail: address.href, kind: "success" });
  } catch {
    toast({ text: text("files.linkIs"), detail: address.href, kind: "info", seconds: 0 });
  }
}
