/** Drafts in this browser: the lines of each document's journal, in IndexedDB. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

interface Schema extends DBSchema {
  /** Lines by document and number; numbers only grow. */
  lines: { key: [string, number]; value: string };
}

const NAME = "latentloom.drafts";

let opened: Promise<IDBPDatabase<Schema>> | undefined;
let lastNumber = Date.now();

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(NAME, 1, {
    upgrade: (made) => void made.createObjectStore("lines"),
    // Another version of the editor, or the user, wants the database: let go and open it anew.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      opened = undefined;
    },
    terminated: () => {
      opened = undefined;
    },
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

/** Numbers lines in the order in which they were made; those of an earlier page come first. */
function nextNumber(): number {
  lastNumber = Math.max(lastNumber + 1, Date.now());
  return lastNumber;
}

const range = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);

/** Add a line to a journal; resolves when it is kept, rejects where the browser keeps nothing. */
export async function addLine(id: string, line: string): Promise<void> {
  const number = nextNumber();
  await (await database()).put("lines", line, [id, number]);
}

/** Begin a journal anew with one line, at once: either all old lines are there or the new one. */
export async function replaceLines(id: string, line: string): Promise<void> {
  const number = nextNumber();
  const change = (await database()).transaction("lines", "readwrite");
  await Promise.all([change.store.delete(range(id)), change.store.put(line, [id, number]), change.done]);
}

/** Forget a journal. */
export async function removeLines(id: string): Promise<void> {
  await (await database()).delete("lines", range(id));
}

/** Return the lines of all journals by document. */
export async function readLines(): Promise<ReadonlyMap<string, readonly string[]>> {
  const store = (await database()).transaction("lines").store;
  const [keys, lines] = await Promise.all([store.getAllKeys(), store.getAll()]);
  const found = new Map<string, string[]>();
  keys.forEach(([id], at) => {
    const own = found.get(id) ?? [];
    own.push(lines[at] ?? "");
    found.set(id, own);
  });
  return found;
}
