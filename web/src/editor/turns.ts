/** Work on one thing, such as a document, that must not overlap. */

/** Lets work with the same key follow one another, in the order in which it was asked for. */
export class Turns {
  readonly #underWay = new Map<string, Promise<void>>();

  /** Do some work once what is under way for the key has ended; returns what it returns, and throws as it does. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#underWay.get(key) ?? Promise.resolve()).then(work);
    const ended = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#underWay.set(key, ended);
    try {
      return await turn;
    } finally {
      if (this.#underWay.get(key) === ended) this.#underWay.delete(key);
    }
  }

  /** Wait until nothing is under way for the key. */
  async ended(key: string): Promise<void> {
    for (let work = this.#underWay.get(key); work; work = this.#underWay.get(key)) await work;
  }
}
