/** What is done with open workflows as a whole. */

import { type OpenDocument, useSession } from "@/editor/session";
import { text } from "@/i18n/language";
import { confirm } from "@/ui/confirm";
import { setting } from "./settings";

/** Whether the document has changes that are not in its file. */
export const isUnsaved = ({ store, savedSteps }: OpenDocument): boolean => store.done.length !== savedSteps;

/** Put an open document at another place among the tabs; `place` counts before it is taken out. */
export function moveDocument(id: string, place: number): void {
  const { documents } = useSession.getState();
  const from = documents.findIndex((one) => one.id === id);
  const moved = documents[from];
  const to = place > from ? place - 1 : place;
  if (!moved || to === from) return;
  const others = documents.filter((one) => one.id !== id);
  useSession.setState({ documents: [...others.slice(0, to), moved, ...others.slice(to)] });
}

/** Close the documents besides one; asks for each that has unsaved changes. */
export async function closeOthers(id: string): Promise<void> {
  for (const other of useSession.getState().documents) {
    if (other.id !== id) await closeDocument(other.id);
  }
}

/** Close a document; asks where it has unsaved changes. */
export async function closeDocument(id: string): Promise<void> {
  const document = useSession.getState().documents.find((one) => one.id === id);
  if (!document) return;
  const asks = setting("confirmClose") && isUnsaved(document);
  const sure = !asks || (await confirm({ title: text("shell.close-unsaved"), action: text("common.close") }));
  if (sure) useSession.getState().close(id);
}

/** Give a document another title. */
export async function renameDocument({ id }: OpenDocument, title: string): Promise<void> {
  useSession.getState().amend(id, { title });
}
