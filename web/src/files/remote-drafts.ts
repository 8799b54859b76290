/** Drafts on the server: those of this browser, where it has forgotten them, and those of others. */

import { WorkflowFormatError } from "@/document/read";
import { useSession } from "@/editor/session";
import { text } from "@/i18n/language";
import { rememberShown } from "./draft-keeping";
import { type ListedDraft, listDrafts, readJournalLines, removeJournal } from "./draft-server";
import { type Draft, readJournal } from "./journal";
import { revive } from "./revive";
import { rememberFile } from "./saved-file";
import { newId, thisBrowser } from "./this-browser";

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

/**
 * Open a draft of another browser under a new name; it is taken away from the server under its old one. Throws a
 * ServerError, or a WorkflowFormatError where there is nothing whole in it.
 */
export async function adopt({ id }: ListedDraft): Promise<void> {
  const draft = readJournal(await readJournalLines(id));
  if (!draft) throw new WorkflowFormatError(text("files.brokenDraft"));
  openDrafts([{ ...draft, facts: { ...draft.facts, id: newId() } }]);
  removeJournal(id).catch(() => undefined);
}

/** Take a draft away from the server. Throws a ServerError. */
export function discard({ id }: ListedDraft): Promise<void> {
  return removeJournal(id);
}

/** Return the drafts that the server keeps for this browser, read out. None where it does not answer. */
export async function draftsOfOurs(): Promise<readonly Draft[]> {
  const { name } = thisBrowser();
  try {
    const ours = (await listDrafts()).filter(({ browser }) => browser === name);
    const drafts = await Promise.all(ours.map(async ({ id }) => readJournal(await readJournalLines(id))));
    return drafts.filter((draft) => draft !== null);
  } catch {
    return [];
  }
}

/** Return the unsaved drafts of browsers that are not at work on them. None where the server does not answer. */
export async function draftsElsewhere(): Promise<readonly ListedDraft[]> {
  const { name } = thisBrowser();
  const drafts = await listDrafts().catch(() => []);
  return drafts.filter(
    ({ unsaved, browser, modified }) => unsaved && browser !== name && Date.now() - modified >= QUIET,
  );
}
