/**
 * The journal of a draft: lines of JSON, the first one with everything, each later one with what changed.
 *
 * Records are written once and then meant by their number, so that a line is as long as the change, and the
 * steps of undo cost next to nothing.
 */

import type { Change, Diff, Records } from "@/document/diff";
import { parseExact, stringifyExact } from "@/document/exact-json";
import {
  type DocumentRecord,
  type FileId,
  idOf,
  isObject,
  type Json,
  type RecordId,
  type Scope,
} from "@/document/records";
import type { DocumentStore, Step } from "@/document/store";
import type { Viewport } from "@/editor/session";

/** What a draft remembers of a document besides its records. */
export interface DraftFacts {
  readonly id: string;
  readonly title: string;
  readonly path: string | null;
  /** ETag of the saved file that the document comes from; null where it comes from none. */
  readonly tag: string | null;
  readonly savedSteps: number;
  readonly scopes: readonly Scope[];
  readonly instances?: readonly FileId[];
  readonly viewports: Readonly<Record<Scope, Viewport>>;
  /** Its place among the tabs. */
  readonly place: number;
  /** When it was shown last, in ms since 1970. */
  readonly shown: number;
  /** Which browser holds it. */
  readonly browser: string;
  /** The user has changed something that no file has. */
  readonly unsaved: boolean;
}

/** A draft as it was read. */
export interface Draft {
  readonly facts: DraftFacts;
  readonly records: Records;
  readonly done: readonly Step[];
  readonly undone: readonly Step[];
}

/** How many steps of undo, and of redo, outlive the page. */
export const KEPT_STEPS = 100;

type StepLine = { id: number; label: string; diff: [RecordId, number, number][] };
/** Steps that went from the top of a stack and came to it, and how many it has then, older ones included. */
type StackLine = { pop: number; push: (number | StepLine)[]; length: number };

interface Line {
  base?: number[];
  records?: DocumentRecord[];
  changes?: [RecordId, number][];
  done?: StackLine;
  undone?: StackLine;
  facts?: DraftFacts;
}

const NONE = -1;

/** Writes the journal of one document. A line that cannot be stored must be followed by a new `base`. */
export class JournalWriter {
  #numbers = new WeakMap<DocumentRecord, number>();
  #steps = new WeakMap<Step, number>();
  #nextNumber = 0;
  #nextStep = 0;
  #done: readonly Step[] = [];
  #undone: readonly Step[] = [];
  #fresh: DocumentRecord[] = [];

  /** Return the line that everything begins with. */
  base(store: DocumentStore, facts: DraftFacts): string {
    this.#numbers = new WeakMap();
    this.#steps = new WeakMap();
    this.#nextNumber = 0;
    this.#nextStep = 0;
    this.#done = [];
    this.#undone = [];
    const base = [...store.records.values()].map((record) => this.#number(record));
    return this.#line({ base, facts, ...this.#history(store) });
  }

  /** Return the line for what changed since the last one, or null where nothing did. */
  entry(store: DocumentStore, diff: Diff, facts: DraftFacts | null): string | null {
    const changes = [...diff].map(([id, { after }]): [RecordId, number] => [id, this.#number(after)]);
    const history = this.#history(store);
    if (changes.length === 0 && !facts && !history.done && !history.undone) return null;
    return this.#line({ ...(changes.length > 0 && { changes }), ...history, ...(facts && { facts }) });
  }

  #line(line: Line): string {
    const records = this.#fresh;
    this.#fresh = [];
    return stringifyExact({ ...(records.length > 0 && { records }), ...line } as unknown as Json);
  }

  #number(record: DocumentRecord | undefined): number {
    if (!record) return NONE;
    const known = this.#numbers.get(record);
    if (known !== undefined) return known;
    this.#numbers.set(record, this.#nextNumber);
    this.#fresh.push(record);
    return this.#nextNumber++;
  }

  #history(store: DocumentStore): Pick<Line, "done" | "undone"> {
    const done = this.#stack(this.#done, store.done);
    const undone = this.#stack(this.#undone, store.undone);
    this.#done = [...store.done];
    this.#undone = [...store.undone];
    return { ...(done && { done }), ...(undone && { undone }) };
  }

  #stack(before: readonly Step[], now: readonly Step[]): StackLine | null {
    let same = Math.min(before.length, now.length);
    while (same > 0 && before[same - 1] !== now[same - 1]) same -= 1;
    if (same === before.length && same === now.length) return null;
    const push = now.slice(same).slice(-KEPT_STEPS);
    return { pop: before.length - same, push: push.map((step) => this.#step(step)), length: now.length };
  }

  #step(step: Step): number | StepLine {
    const known = this.#steps.get(step);
    if (known !== undefined) return known;
    const id = this.#nextStep++;
    this.#steps.set(step, id);
    const diff = [...step.diff].map(([record, { before, after }]): [RecordId, number, number] => [
      record,
      this.#number(before),
      this.#number(after),
    ]);
    return { id, label: step.label, diff };
  }
}

/** Reads lines one after another into the state that they lead to. */
class JournalReader {
  facts: DraftFacts | null = null;
  state = new Map<RecordId, DocumentRecord>();
  done: Step[] = [];
  undone: Step[] = [];
  /** Steps that are done, those included that are too old to be kept. */
  doneEver = 0;
  #records: DocumentRecord[] = [];
  #steps = new Map<number, Step>();

  read(line: Line): void {
    if (line.base) this.#begin();
    this.#records.push(...(line.records ?? []));
    for (const number of line.base ?? []) this.#put(this.#record(number));
    for (const [id, number] of line.changes ?? []) {
      if (number === NONE) this.state.delete(id);
      else this.#put(this.#record(number));
    }
    if (line.done) {
      this.done = this.#restack(this.done, line.done);
      this.doneEver = line.done.length;
    }
    if (line.undone) this.undone = this.#restack(this.undone, line.undone);
    if (line.facts) this.facts = line.facts;
  }

  #begin(): void {
    this.state = new Map();
    this.done = [];
    this.undone = [];
    this.doneEver = 0;
    this.#records = [];
    this.#steps = new Map();
  }

  #put(record: DocumentRecord | undefined): void {
    if (record) this.state.set(idOf(record), record);
  }

  #record(number: number): DocumentRecord | undefined {
    return number === NONE ? undefined : this.#records[number];
  }

  #restack(stack: readonly Step[], { pop, push }: StackLine): Step[] {
    const steps = push.map((one) => (typeof one === "number" ? this.#steps.get(one) : this.#step(one)));
    const left = stack.slice(0, Math.max(0, stack.length - pop));
    return [...left, ...steps.filter((step) => step !== undefined)].slice(-KEPT_STEPS);
  }

  #step({ id, label, diff }: StepLine): Step {
    const changes = diff.map(([record, before, after]): [RecordId, Change] => [
      record,
      { before: this.#record(before), after: this.#record(after) },
    ]);
    const step = { label, diff: new Map(changes) };
    this.#steps.set(id, step);
    return step;
  }
}

/**
 * Return the draft that the lines of a journal lead to, or null where there is none. A line that was cut off,
 * and what comes after it up to the next whole state, counts for nothing.
 */
export function readJournal(lines: Iterable<string>): Draft | null {
  const reader = new JournalReader();
  let torn = true;
  for (const text of lines) {
    const line = parsed(text);
    if (line?.base) torn = false;
    if (line && !torn) reader.read(line);
    else torn = true;
  }
  const { facts, state, done, undone } = reader;
  if (!facts || state.size === 0) return null;
  const forgotten = reader.doneEver - done.length;
  const savedSteps = Math.max(-1, facts.savedSteps - forgotten);
  return { facts: { ...facts, savedSteps }, records: state, done, undone };
}

function parsed(text: string): Line | null {
  if (text.trim() === "") return null;
  try {
    const value = parseExact(text);
    return isObject(value) ? (value as unknown as Line) : null;
  } catch {
    return null;
  }
}
