/** The name under which this tab hears of its jobs; a reload keeps it, a second tab has its own. */

import { newUuid } from "@/document/uuid";

const KEPT = "latentloom.client";
/** Milliseconds that the page before this one has to let go of its name. */
const PATIENCE = 300;

let found: Promise<string> | null = null;

/** Return the name of this tab. */
export function clientId(): Promise<string> {
  found ??= find();
  return found;
}

async function find(): Promise<string> {
  const kept = sessionStorage.getItem(KEPT);
  // A tab that was duplicated has the same storage: its messages would go to one of the two only.
  const id = kept !== null && (await taken(kept)) ? kept : newUuid();
  if (id !== kept) await taken(id);
  sessionStorage.setItem(KEPT, id);
  return id;
}

/** Take a name for as long as this page lives; false where another page has it. */
function taken(id: string): Promise<boolean> {
  if (!("locks" in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = navigator.locks.request(
      `latentloom.client.${id}`,
      { signal: AbortSignal.timeout(PATIENCE) },
      () => {
        resolve(true);
        return new Promise<never>(() => undefined);
      },
    );
    held.catch(() => resolve(false));
  });
}
