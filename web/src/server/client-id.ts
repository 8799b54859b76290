/** The name under which this tab hears of its jobs; a reload keeps it, a second tab has its own. */

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
  const id = kept !== null && (await taken(kept)) ? kept : newId();
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

/** Return a new uuid, also on pages without TLS, where `crypto.randomUUID` is missing. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte, index) => {
    const value = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return value.toString(16).padStart(2, "0");
  });
  const part = (from: number, to: number) => hex.slice(from, to).join("");
  return [part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 16)].join("-");
}
