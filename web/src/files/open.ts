/** Opens workflows: from JSON, from files of the user's machine, from files on the server. */

import type { Json } from "@/document/records";
import { type OpenDocument, useSession } from "@/editor/session";
import { text } from "@/i18n/language";
import { toast } from "@/ui/toast";
import { createDocument, freeTitle, type Origin } from "./create-document";
import { embeddedTexts } from "./embedded-texts";
import { readParameters, workflowOfParameters } from "./parameters-text";
import { rememberRecent } from "./recent-files";
import { readSaved } from "./user-workflows";
import { parseWorkflowText, readAnyWorkflow } from "./workflow-json";

/**
 * Open a workflow in a document of its own and show it: JSON of the canvas, or of the API, which the server then
 * lays out. Throws a WorkflowFormatError or a ServerError; see `readAnyWorkflow`.
 */
export async function openWorkflow(json: Json, origin: Origin): Promise<OpenDocument> {
  const { records, notes, converted } = await readAnyWorkflow(json, origin.title);
  if (notes.length > 0) {
    toast({ text: text("files.notes", { title: origin.title }), detail: notes.join("\n"), kind: "warning" });
  }
  const unsaved = origin.unsaved ?? converted;
  return createDocument(records, { ...origin, unsaved });
}

/** Open a workflow of the user's on the server, or show it where it is open. Throws as `openWorkflow` does. */
export async function openSaved(path: string): Promise<OpenDocument> {
  const open = useSession.getState().documents.find((one) => one.path === path);
  if (open) {
    useSession.getState().activate(open.id);
    return open;
  }
  const { content, tag } = await readSaved(path);
  const title = titleOfPath(path);
  const document = await openWorkflow(parseWorkflowText(content, title), { title, path, tag });
  rememberRecent(path);
  return document;
}

/** Return the name of a file without its folders and its ending. */
export function titleOfPath(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/(\.app)?\.(json|[a-z0-9]{2,12})$/i, "");
}

/** What was found in a file of the user's machine. */
export type Found = "opened" | "nothing";

/**
 * Open the workflow in a file: JSON, or a picture, sound, film or weights file that has one inside. Where the
 * file has only the settings of another tool, a workflow is made of them. Throws as `openWorkflow` does.
 */
export async function openFile(file: File): Promise<Found> {
  const title = freeTitle(titleOfPath(file.name));
  if (/\.json$/i.test(file.name) || file.type === "application/json") {
    await openWorkflow(parseWorkflowText(await file.text(), file.name), { title, unsaved: true });
    return "opened";
  }
  const texts = await embeddedTexts(file);
  if (!texts) return "nothing";
  for (const key of ["workflow", "prompt"] as const) {
    const content = texts[key];
    if (content === undefined) continue;
    try {
      await openWorkflow(parseWorkflowText(content, file.name), { title, unsaved: true });
      return "opened";
    } catch (error) {
      // The other one of the two may be whole.
      if (key === "prompt" || texts.prompt === undefined) throw error;
    }
  }
  return texts.parameters === undefined ? "nothing" : openParameters(texts.parameters, title);
}

async function openParameters(content: string, title: string): Promise<Found> {
  const parameters = readParameters(content);
  if (!parameters) {
    toast({
      text: text("files.foundText", { title }),
      detail: content.slice(0, 2000),
      kind: "info",
      seconds: 0,
    });
    return "opened";
  }
  await openWorkflow(workflowOfParameters(parameters), { title, unsaved: true });
  toast({ text: text("files.foundParameters", { title }), detail: content.slice(0, 2000), seconds: 15 });
  return "opened";
}
