/** A document: records, changed in transactions, each of which is one step of undo. */

import { type Diff, invert, NO_CHANGE, type Records, squash } from "./diff";
import {
  type DocumentRecord,
  type FileId,
  idOf,
  type NodeRecord,
  nodeId,
  type RecordId,
  type Scope,
  type SheetRecord,
  sheetId,
} from "./records";
import { Transaction } from "./transaction";

/** One step of undo: what it is called (a key of the interface's texts) and what it changed. */
export interface Step {
  readonly label: string;
  readonly diff: Diff;
}

type Listener = (diff: Diff) => void;

/** A change that is still going on, such as a drag: all its parts become one step, or none. */
export interface Gesture {
  /** Change the document further. */
  update(change: (tx: Transaction) => void): void;
  /** Keep what was changed, as one step; nothing is added to the history where nothing changed. */
  commit(): void;
  /** Put everything back to where it was when the gesture began. */
  cancel(): void;
}

/** Holds the records of one workflow and their history. Not tied to React or to a page. */
export class DocumentStore {
  #records: Map<RecordId, DocumentRecord>;
  #done: Step[] = [];
  #undone: Step[] = [];
  #listeners = new Set<Listener>();
  #watchers = new Map<RecordId, Set<() => void>>();
  #historyWatchers = new Set<() => void>();
  #open: Gesture | null = null;
  #version = 0;

  constructor(records: Records) {
    this.#records = new Map(records);
  }

  get records(): Records {
    return this.#records;
  }

  /** Another number after each change: the records stay in one map, which changes in place. */
  get version(): number {
    return this.#version;
  }

  /** Steps that can be undone, oldest first. */
  get done(): readonly Step[] {
    return this.#done;
  }

  /** Steps that can be redone; the next one is the last. */
  get undone(): readonly Step[] {
    return this.#undone;
  }

  get(id: RecordId): DocumentRecord | undefined {
    return this.#records.get(id);
  }

  node(scope: Scope, id: FileId): NodeRecord | undefined {
    const record = this.#records.get(nodeId(scope, id));
    return record?.kind === "node" ? record : undefined;
  }

  /** Return a sheet; throws a RangeError where the document has no such sheet. */
  sheet(scope: Scope): SheetRecord {
    const record = this.#records.get(sheetId(scope));
    if (record?.kind !== "sheet") throw new RangeError(`the document has no sheet "${scope}"`);
    return record;
  }

  /**
   * Change the document; all that `change` does is one step of undo.
   *
   * @param label Key of the text that names the step, such as `edit.connect`.
   * @param change Does the change; when it throws, nothing is changed.
   * @param merge A step with the same non-empty `merge` key as the one right before it joins that one: typing
   *   into one field is one step.
   */
  transact<T>(label: string, change: (tx: Transaction) => T, merge = ""): T {
    this.#open?.commit();
    const tx = new Transaction(this.#records);
    const result = change(tx);
    this.#write(tx.diff);
    this.#remember(label, tx.diff, merge);
    return result;
  }

  #mergeKey = "";

  #remember(label: string, diff: Diff, merge: string): void {
    if (diff.size === 0) return;
    const last = this.#done.at(-1);
    if (merge !== "" && merge === this.#mergeKey && last && this.#undone.length === 0) {
      this.#done[this.#done.length - 1] = { label, diff: squash([last.diff, diff]) };
    } else {
      this.#done.push({ label, diff });
    }
    this.#mergeKey = merge;
    this.#undone = [];
    this.#tellHistory();
  }

  /**
   * Change the document as a part of the step before, or of the gesture that is open: for what the editor does
   * by itself, such as new seeds after a run. What was undone can still be redone. Without any step before, it
   * cannot be undone.
   */
  follow(change: (tx: Transaction) => void): void {
    if (this.#open) {
      this.#open.update(change);
      return;
    }
    const tx = new Transaction(this.#records);
    change(tx);
    if (tx.diff.size === 0) return;
    this.#write(tx.diff);
    const last = this.#done.pop();
    if (!last) return;
    this.#done.push({ label: last.label, diff: squash([last.diff, tx.diff]) });
    this.#tellHistory();
  }

  #tellHistory(): void {
    for (const watcher of [...this.#historyWatchers]) watcher();
  }

  /** Begin a change that goes on for a while; one that was still open is committed first. */
  gesture(label: string): Gesture {
    this.#open?.commit();
    let whole: Diff = NO_CHANGE;
    const close = () => {
      if (this.#open !== gesture) return false;
      this.#open = null;
      return true;
    };
    const gesture: Gesture = {
      update: (change) => {
        if (this.#open !== gesture) return;
        const tx = new Transaction(this.#records);
        change(tx);
        this.#write(tx.diff);
        whole = squash([whole, tx.diff]);
      },
      commit: () => {
        if (close()) this.#remember(label, whole, "");
      },
      cancel: () => {
        if (close()) this.#write(invert(whole));
      },
    };
    this.#open = gesture;
    return gesture;
  }

  /** Take back the last step; return it, or undefined where there is none. */
  undo(): Step | undefined {
    this.#open?.commit();
    const step = this.#done.pop();
    if (!step) return undefined;
    this.#undone.push(step);
    this.#mergeKey = "";
    this.#write(invert(step.diff));
    this.#tellHistory();
    return step;
  }

  /** Do the step again that was taken back last; return it, or undefined where there is none. */
  redo(): Step | undefined {
    this.#open?.commit();
    const step = this.#undone.pop();
    if (!step) return undefined;
    this.#done.push(step);
    this.#mergeKey = "";
    this.#write(step.diff);
    this.#tellHistory();
    return step;
  }

  /** Apply a change that came from elsewhere (another tab, a draft); it is a step like any other. */
  apply(label: string, diff: Diff): void {
    this.transact(label, (tx) => {
      for (const [id, { after }] of diff) {
        if (after) tx.put(after);
        else tx.remove(id);
      }
    });
  }

  /** Hear of every change; returns the function that ends this. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hear of the changes of one record; returns the function that ends this. */
  watch(id: RecordId, watcher: () => void): () => void {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers);
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(id);
    };
  }

  /** Hear of every change of `done` and `undone`, after it; returns the function that ends this. */
  watchHistory(watcher: () => void): () => void {
    this.#historyWatchers.add(watcher);
    return () => this.#historyWatchers.delete(watcher);
  }

  #write(diff: Diff): void {
    if (diff.size === 0) return;
    for (const [id, { after }] of diff) {
      if (after) this.#records.set(idOf(after), after);
      else this.#records.delete(id);
    }
    this.#version += 1;
    for (const id of diff.keys()) for (const watcher of [...(this.#watchers.get(id) ?? [])]) watcher();
    for (const listener of [...this.#listeners]) listener(diff);
  }
}
