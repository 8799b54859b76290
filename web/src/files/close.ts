/** Closes documents without losing anything that the user did not give up. */

import { type OpenDocument, useSession } from "@/editor/session";
import { setting } from "@/editor/settings";
import { text } from "@/i18n/language";
import { choose } from "@/ui/confirm";
import { toast } from "@/ui/toast";
import { save } from "./save";
import { savesEnded } from "./save-turns";
import { rememberFile, savedFile } from "./saved-file";
import { isUnsaved } from "./saved-marker";

/**
 * Close a document, after what is being saved is; asks first where it has unsaved changes. Returns whether it was
 * closed.
 */
export async function closeDocument(id: string): Promise<boolean> {
  await savesEnded(id);
  const document = useSession.getState().documents.find((one) => one.id === id);
  if (!document) return true;
  if (!isUnsaved(document)) return closed(document);
  if (!setting("confirmClose")) return closed(document, true);
  const answer = await choose({
    title: text("files.closeUnsaved", { title: document.title }),
    text: text("files.closeUnsavedText"),
    choices: [
      { id: "discard", label: text("files.discard"), kind: "danger" },
      { id: "save", label: text("common.save"), kind: "primary" },
    ],
  });
  if (answer === null) return false;
  if (answer === "save" && !(await save(document))) return false;
  return closed(document, answer === "discard");
}

/** Close a document; `reopen` offers to bring it back, its steps of undo included. */
function closed(document: OpenDocument, reopen = false): boolean {
  const { id, title } = document;
  const { documents, close } = useSession.getState();
  // What is kept about it now, such as the sheet that is looked at, not when it was asked about.
  const last = documents.find((one) => one.id === id) ?? document;
  const file = savedFile(id);
  close(id);
  rememberFile(id, null);
  if (!reopen) return true;
  const back = () => {
    if (file) rememberFile(id, file);
    useSession.getState().open(last);
  };
  toast({ text: text("files.closed", { title }), action: { label: text("files.reopen"), run: back } });
  return true;
}
