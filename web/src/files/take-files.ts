/** What becomes of files that are dropped on the page, pasted or chosen. */

import type { Point } from "@/document/records";
import { text } from "@/i18n/language";
import { toast } from "@/ui/toast";
import { filePlace } from "./file-place";
import { openFile } from "./open";
import { report } from "./report";

/**
 * Open the workflows in files. A file that is dropped on a node that loads such files goes there; one without a
 * workflow can be put on the canvas as such a node.
 *
 * @param at Where they were dropped, in CSS pixels of the window; left out for files that were chosen.
 */
export async function takeFiles(files: readonly File[], at?: Point): Promise<void> {
  for (const file of files) {
    try {
      if (at && (await filePlace()?.put(file, at))) continue;
      if ((await openFile(file)) === "nothing") offerNode(file, at);
    } catch (error) {
      report(error, "files.notOpened", { name: file.name });
    }
  }
}

function offerNode(file: File, at?: Point): void {
  const { name } = file;
  const add = filePlace()?.adding(file, at);
  if (!add) {
    toast({ text: text("files.nothingIn", { name }), detail: text("files.nothingInHint"), kind: "warning" });
    return;
  }
  const run = () => void add().catch((error: unknown) => report(error, "files.notAdded", { name }));
  toast({
    text: text("files.nothingIn", { name }),
    kind: "info",
    seconds: 20,
    action: { label: text("files.addNode"), run },
  });
}

/** Let the user choose files of this machine, and open them. */
export function chooseFiles(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.addEventListener("change", () => void takeFiles([...(input.files ?? [])]));
  input.click();
}
