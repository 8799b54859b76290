/** Saves files by themselves a moment after the last change, where the user wants that. */

import { type OpenDocument, useSession } from "@/editor/session";
import { setting } from "@/editor/settings";
import { save } from "./save";
import { isUnsaved } from "./saved-marker";

/** Time without changes, in ms. */
const PAUSE = 4000;

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Watch a document; returns the function that ends this. Documents that are in no file are left to their drafts. */
export function saveByItself({ id, store }: OpenDocument): () => void {
  const end = store.watchHistory(() => {
    clearTimeout(timers.get(id));
    if (setting("autosave"))
      timers.set(
        id,
        setTimeout(() => void saveNow(id), PAUSE),
      );
  });
  return () => {
    clearTimeout(timers.get(id));
    timers.delete(id);
    end();
  };
}

async function saveNow(id: string): Promise<void> {
  const document = useSession.getState().documents.find((one) => one.id === id);
  if (document && document.path !== null && isUnsaved(document)) await save(document);
}
