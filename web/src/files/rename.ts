/** Gives open documents other names. */

import { type OpenDocument, useSession } from "@/editor/session";
import { toast } from "@/ui/toast";
import { renameFile } from "./file-actions";
import { nameOfPath, wrongName } from "./file-names";
import { splitPath } from "./user-workflows";

/** Give a document another title; the file of one that is saved gets it as its name, in the same folder. */
export async function renameDocument({ id, path }: OpenDocument, title: string): Promise<void> {
  if (path === null) {
    useSession.getState().amend(id, { title });
    return;
  }
  const wrong = wrongName(title);
  if (wrong !== null) toast({ text: wrong, kind: "error", seconds: 8 });
  else await renameFile(path, splitPath(nameOfPath(path))[0] + title);
}
