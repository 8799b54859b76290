/** Saves of one document follow one another; who must know how they end can wait for them. */

const underWay = new Map<string, Promise<void>>();

/** Run a save of a document once the ones that are under way have ended; returns what it returns, and throws as it does. */
export async function inTurn<T>(id: string, save: () => Promise<T>): Promise<T> {
  const turn = (underWay.get(id) ?? Promise.resolve()).then(save);
  const ended = turn.then(
    () => undefined,
    () => undefined,
  );
  underWay.set(id, ended);
  try {
    return await turn;
  } finally {
    if (underWay.get(id) === ended) underWay.delete(id);
  }
}

/** Wait until no save of a document is under way. */
export async function savesEnded(id: string): Promise<void> {
  for (let save = underWay.get(id); save; save = underWay.get(id)) await save;
}
