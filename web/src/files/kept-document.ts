/** Keeps one open document's journal up to date: in this browser at once, on the server soon after. */

import { type Diff, NO_CHANGE, squash } from "@/document/diff";
import type { OpenDocument } from "@/editor/session";
import { addLine, removeLines, replaceLines } from "./draft-database";
import { type DraftFacts, JournalWriter } from "./journal";
import { RemoteJournal } from "./remote-journal";

/** How long changes may wait to be written together, in ms: for a few records, and for ever so many. */
const SOON = 50;
const AT_LATEST = 600;
/** A change of so many records, as when everything is dragged, waits one ms longer for each of them. */
const MANY = 50;
/** When a journal is written anew: after so many characters besides three times what a whole state has. */
const MOST_CHARACTERS = 500_000;

/** What a kept document asks of the one who keeps it. */
export interface Keeping {
  /** Return what is to be remembered of the document now, besides its records; null once it is closed. */
  facts(): DraftFacts | null;
  /** Hear that this browser does not keep drafts. */
  failed(error: unknown): void;
}

/** The keeping of one document, from when it was opened until it is closed. */
export class KeptDocument {
  #id: string;
  #store: OpenDocument["store"];
  #keeping: Keeping;
  #writer = new JournalWriter();
  #remote: RemoteJournal;
  #isRemote = false;
  #waiting: Diff | null = null;
  #facts: DraftFacts | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #whole = 0;
  #written = 0;
  #stop: () => void;

  constructor({ id, store }: OpenDocument, keeping: Keeping) {
    this.#id = id;
    this.#store = store;
    this.#keeping = keeping;
    this.#remote = new RemoteJournal(id, () => this.rewrite());
    // What comes from a draft and was changed is on the server, as it was then.
    this.#isRemote = store.done.length + store.undone.length > 0;
    const ends = [store.subscribe((diff) => this.#change(diff)), store.watchHistory(() => this.#plan(SOON))];
    this.#stop = () => {
      for (const end of ends) end();
    };
    this.rewrite();
  }

  /** Write the whole state anew. */
  rewrite(): void {
    const facts = this.#keeping.facts();
    if (!facts) return;
    this.#facts = facts;
    this.#waiting = null;
    const line = this.#writer.base(this.#store, facts);
    this.#whole = line.length;
    this.#written = 0;
    replaceLines(this.#id, line).catch(this.#keeping.failed);
    // What is as its file, or as a template, need not be on the server once more.
    this.#isRemote ||= facts.unsaved;
    if (this.#isRemote) this.#remote.restart(line);
  }

  /** Hear that something besides the records may have changed. */
  refresh(): void {
    if (!isSame(this.#keeping.facts(), this.#facts)) this.#plan(200);
  }

  /** Write what waits; `leaving`: the page is about to go, or to be put aside. */
  flush(leaving = false): void {
    clearTimeout(this.#timer);
    this.#due = Number.POSITIVE_INFINITY;
    const facts = this.#keeping.facts();
    if (!facts) return;
    if ((facts.unsaved && !this.#isRemote) || this.#written > 3 * this.#whole + MOST_CHARACTERS)
      this.rewrite();
    else this.#write(facts);
    if (leaving) void this.#remote.flush(true);
  }

  /** Stop, and forget the journal here and on the server. */
  async forget(): Promise<void> {
    this.end();
    await Promise.all([removeLines(this.#id), this.#isRemote && this.#remote.end()]);
  }

  /** Stop; the journal stays. */
  end(): void {
    this.#stop();
    clearTimeout(this.#timer);
  }

  #write(facts: DraftFacts): void {
    const told = isSame(facts, this.#facts) ? null : facts;
    const line = this.#writer.entry(this.#store, this.#waiting ?? NO_CHANGE, told);
    this.#waiting = null;
    this.#facts = facts;
    if (line === null) return;
    this.#written += line.length;
    addLine(this.#id, line).catch(this.#keeping.failed);
    if (this.#isRemote) this.#remote.add(line);
  }

  #change(diff: Diff): void {
    this.#waiting = this.#waiting ? squash([this.#waiting, diff]) : diff;
    this.#plan(Math.min(AT_LATEST, SOON + Math.max(0, this.#waiting.size - MANY)));
  }

  #plan(pause: number): void {
    const due = performance.now() + pause;
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), pause);
  }
}

function isSame(one: DraftFacts | null, other: DraftFacts | null): boolean {
  if (!one || !other) return one === other;
  return (Object.keys(one) as (keyof DraftFacts)[]).every((key) => one[key] === other[key]);
}
