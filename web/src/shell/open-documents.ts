/** What is done with open workflows as a whole. */

import { useSession } from "@/editor/session";
import { closeDocument } from "@/files/close";

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

/** Close the documents besides one; asks for each that has unsaved changes, and stops where the user does. */
export async function closeOthers(id: string): Promise<void> {
  for (const other of useSession.getState().documents) {
    if (other.id !== id && !(await closeDocument(other.id))) return;
  }
}
