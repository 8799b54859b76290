/** Saves of one document follow one another; who must know how they end can wait for them. */

import { Turns } from "@/editor/turns";

const saves = new Turns();

/** Run a save of a document once the ones that are under way have ended; returns what it returns, and throws as it does. */
export const inTurn = <T>(id: string, save: () => Promise<T>): Promise<T> => saves.take(id, save);

/** Wait until no save of a document is under way. */
export const savesEnded = (id: string): Promise<void> => saves.ended(id);
