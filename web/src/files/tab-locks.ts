/** Which tab of this browser holds a draft or a file; let go when the tab is closed, killed included. */

const PREFIX = "latentloom.";

type Release = () => void;

/** Pages on plain http addresses of other machines have no locks; there tabs do not know of each other. */
const locks = (): LockManager | undefined => navigator.locks;

/**
 * Take a lock unless another tab has it. Returns the function that lets it go, or null where another tab has it.
 */
async function takeLock(name: string): Promise<Release | null> {
  const manager = locks();
  if (!manager) return () => undefined;
  return new Promise((resolve) => {
    void manager.request(PREFIX + name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise<void>((release) => resolve(() => release()));
    });
  });
}

/** Hold a lock as soon as it is free, until the returned function is called. */
export function holdLock(name: string): Release {
  const gone = new AbortController();
  let release: Release = () => gone.abort();
  locks()
    ?.request(PREFIX + name, { signal: gone.signal }, () => {
      return new Promise<void>((done) => {
        release = done;
      });
    })
    .catch(() => undefined); // given up before its turn came
  return () => release();
}

const draftLock = (id: string): string => `draft:${id}`;
const claimed = new Map<string, Release>();

/** Claim a draft for this tab; false where another tab has it. */
export async function claimDraft(id: string): Promise<boolean> {
  const release = await takeLock(draftLock(id));
  if (release) claimed.set(id, release);
  return release !== null;
}

/** Hold the draft of an open document, whether it was claimed before or is new. */
export function holdDraft(id: string): Release {
  const release = claimed.get(id) ?? holdLock(draftLock(id));
  claimed.delete(id);
  return release;
}

/** Return the names that tabs hold beneath a prefix such as `file:`, with how many tabs want each. */
export async function heldLocks(kind: string): Promise<ReadonlyMap<string, number>> {
  const { held = [], pending = [] } = (await locks()?.query()) ?? {};
  const found = new Map<string, number>();
  for (const { name = "" } of [...held, ...pending]) {
    if (!name.startsWith(PREFIX + kind)) continue;
    const bare = name.slice(PREFIX.length + kind.length);
    found.set(bare, (found.get(bare) ?? 0) + 1);
  }
  return found;
}
