/** Drafts on the server: those of this browser, where it has forgotten them, and those of others. */

import { useSession } from "@/editor/session";
import { rememberShown } from "./draft-keeping";
import { listJournals, readJournalLines, removeJournal } from "./draft-server";
import { type Draft, readJournal } from "./journal";
import { revive } from "./revive";
import { rememberFile } from "./saved-file";
import { newId, thisBrowser } from "./this-browser";

/** A draft on the server, and when it was written last, in ms since 1970. */
export interface RemoteDraft extends Draft {
  readonly modified: number;
}

/** A draft that was written less than so many ms ago is at work in another browser. */
const QUIET = 15_000;

/** Open drafts in the order that they had, and show the one that was shown last. */
export function openDrafts(drafts: readonly Draft[]): void {
  const { open, activate } = useSession.getState();
  const inOrder = [...drafts].sort((one, other) => one.facts.place - other.facts.place);
  for (const draft of inOrder) {
    const { id, path, tag, shown } = draft.facts;
    if (path !== null && tag !== null) rememberFile(id, { tag, base: null });
    rememberShown(id, shown);
    open(revive(draft));
  }
  const last = inOrder.reduce((one, other) => (other.facts.shown >= one.facts.shown ? other : one));
  activate(last.facts.id);
}

/** Open drafts of other browsers under new names; they are taken away from the server under their old ones. */
export function adopt(drafts: readonly Draft[]): void {
  openDrafts(drafts.map((draft) => ({ ...draft, facts: { ...draft.facts, id: newId() } })));
  for (const { facts } of drafts) removeJournal(facts.id).catch(() => undefined);
}

/** Take a draft away from the server. Throws a ServerError. */
export function discard({ facts }: Draft): Promise<void> {
  return removeJournal(facts.id);
}

/** Return the drafts that the server keeps for this browser. None where it does not answer. */
export function draftsOfOurs(): Promise<readonly RemoteDraft[]> {
  const { name } = thisBrowser();
  return remoteDrafts(({ facts }) => facts.browser === name, 0);
}

/** Return the unsaved drafts of browsers that are not at work on them. None where the server does not answer. */
export function draftsElsewhere(): Promise<readonly RemoteDraft[]> {
  const { name } = thisBrowser();
  return remoteDrafts(({ facts }) => facts.unsaved && facts.browser !== name, QUIET);
}

async function remoteDrafts(
  wanted: (draft: Draft) => boolean,
  quiet: number,
): Promise<readonly RemoteDraft[]> {
  try {
    const journals = (await listJournals()).filter(({ modified }) => Date.now() - modified >= quiet);
    const drafts = await Promise.all(
      journals.map(async ({ id, modified }) => {
        const draft = readJournal(await readJournalLines(id));
        return draft && { ...draft, modified };
      }),
    );
    return drafts.filter((draft) => draft !== null).filter(wanted);
  } catch {
    return [];
  }
}
