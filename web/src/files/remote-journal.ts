/** Brings the lines of one journal to the server, in order, as long as it is there. */

import { addToJournal, removeJournal, writeJournal } from "./draft-server";

/** How long lines may wait to be sent together, in ms. */
const PAUSE = 450;
/** How long to wait before the server is asked again after it did not answer, in ms. */
const RETRY = 2000;
/** What a page that is being left may still send, in characters. */
const LAST_WORDS = 60_000;

/** Sends what it is given; after a failure it asks for everything anew, since nobody knows what arrived. */
export class RemoteJournal {
  #id: string;
  #askWhole: () => void;
  #lines: string[] = [];
  #size: number | null = null;
  /** Counts restarts: what was sent before one says nothing about the journal after it. */
  #generation = 0;
  #lost = false;
  #sending: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  #sent = false;

  /**
   * @param id Of the document.
   * @param askWhole Answers, at once or later, with `restart`.
   */
  constructor(id: string, askWhole: () => void) {
    this.#id = id;
    this.#askWhole = askWhole;
  }

  /** Replace everything by one line. */
  restart(line: string): void {
    this.#lost = false;
    this.#lines = [line];
    this.#generation += 1;
    this.#size = null;
    this.#plan(PAUSE);
  }

  /** Add a line. */
  add(line: string): void {
    if (this.#lost) return;
    this.#lines.push(line);
    this.#plan(PAUSE);
  }

  /** Send what waits now; `leaving`: the page is about to go. */
  async flush(leaving = false): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending && !leaving) await this.#sending;
    if (this.#ended || this.#lost || this.#lines.length === 0) return;
    if (leaving && this.#lines.reduce((length, line) => length + line.length, 0) > LAST_WORDS) return;
    this.#sending = this.#send(leaving);
    await this.#sending;
  }

  /** Forget the journal on the server, and send nothing more. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#sending;
    if (this.#sent) await removeJournal(this.#id);
  }

  #plan(pause: number): void {
    if (this.#ended) return;
    this.#timer ??= setTimeout(() => void this.flush(), pause);
  }

  async #send(leaving: boolean): Promise<void> {
    const lines = this.#lines;
    const size = this.#size;
    const generation = this.#generation;
    this.#lines = [];
    this.#sent = true;
    try {
      const sent =
        size === null
          ? await writeJournal(this.#id, lines, leaving)
          : await addToJournal(this.#id, lines, size, leaving);
      if (generation === this.#generation) this.#size = sent;
    } catch {
      if (generation === this.#generation) this.#lose();
    } finally {
      this.#sending = null;
    }
    if (this.#lines.length > 0) this.#plan(PAUSE);
  }

  #lose(): void {
    this.#lost = true;
    this.#timer ??= setTimeout(() => this.#again(), RETRY);
  }

  #again(): void {
    this.#timer = undefined;
    if (!this.#ended) this.#askWhole();
  }
}
