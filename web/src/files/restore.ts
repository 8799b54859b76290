/** What is open when the page comes up: what was open before, a workflow that the address names, the starter. */

import { useSession } from "@/editor/session";
import { text } from "@/i18n/language";
import { toast } from "@/ui/toast";
import { readLines } from "./draft-database";
import { keepDrafts, rememberShown } from "./draft-keeping";
import { listJournals, readJournalLines, removeJournal } from "./draft-server";
import { type Draft, readJournal } from "./journal";
import { openSaved } from "./open";
import { reportOpening } from "./report";
import { revive } from "./revive";
import { rememberFile } from "./saved-file";
import { claimDraft } from "./tab-locks";
import { openTemplateNamed, STARTER } from "./templates";
import { newId, thisBrowser } from "./this-browser";
import { FOLDER } from "./user-workflows";

const ADDRESS = "workflow";

/**
 * Open what was open before, then what the address asks for with `?workflow=`, a template's name or the path of a
 * saved one; at the first visit the starter. From then on drafts are kept. Never throws.
 */
export async function restoreDocuments(): Promise<void> {
  const { known } = thisBrowser();
  const asked = new URLSearchParams(location.search).get(ADDRESS);
  const drafts = await draftsOfBrowser();
  if (drafts.length > 0) openDrafts(drafts);
  else if (known) await openRemote();
  keepDrafts();
  if (asked !== null) await openAsked(asked);
  else if (!known && useSession.getState().documents.length === 0) await openStarter();
  if (!known) void offerRemote();
}

/** Return the drafts that no other tab has open. */
async function draftsOfBrowser(): Promise<readonly Draft[]> {
  const journals = await readLines().catch(() => new Map<string, readonly string[]>());
  const claimed = await Promise.all(
    [...journals].map(async ([id, lines]) => ((await claimDraft(id)) ? readJournal(lines) : null)),
  );
  return claimed.filter((draft) => draft !== null);
}

function openDrafts(drafts: readonly Draft[]): void {
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

async function openAsked(asked: string): Promise<void> {
  const opened = asked.startsWith(FOLDER) || asked.endsWith(".json");
  const path = asked.startsWith(FOLDER) ? asked : FOLDER + asked;
  await reportOpening(opened ? openSaved(path) : openTemplateNamed(asked), asked);
  // A page that is loaded again goes on with its draft instead of opening the workflow once more.
  const address = new URL(location.href);
  address.searchParams.delete(ADDRESS);
  history.replaceState(history.state, "", address);
}

async function openStarter(): Promise<void> {
  await reportOpening(openTemplateNamed(STARTER), STARTER);
}

/** Open what the server keeps for this browser, where the browser itself has forgotten it. */
async function openRemote(): Promise<void> {
  const { name } = thisBrowser();
  const drafts = await remoteDrafts(({ facts }) => facts.browser === name);
  if (drafts.length > 0) openDrafts(drafts);
}

/** Offer drafts of browsers that forgot even their names; those of others are left alone while they change. */
async function offerRemote(): Promise<void> {
  const drafts = await remoteDrafts(({ facts }) => facts.unsaved, QUIET);
  if (drafts.length === 0) return;
  toast({
    text: text("files.otherDrafts", { count: drafts.length }),
    detail: drafts.map(({ facts }) => facts.title).join(", "),
    seconds: 0,
    key: "files.otherDrafts",
    action: { label: text("common.open"), run: () => adopt(drafts) },
  });
}

/** A draft that was written less than so many ms ago is at work in another browser. */
const QUIET = 15_000;

/** Take drafts over under new names, so that the browser that they came from may keep its own. */
export function adopt(drafts: readonly Draft[]): void {
  openDrafts(drafts.map((draft) => ({ ...draft, facts: { ...draft.facts, id: newId() } })));
  for (const { facts } of drafts) removeJournal(facts.id).catch(() => undefined);
}

async function remoteDrafts(wanted: (draft: Draft) => boolean, quiet = 0): Promise<readonly Draft[]> {
  try {
    const journals = (await listJournals()).filter(({ modified }) => Date.now() - modified >= quiet);
    const drafts = await Promise.all(journals.map(async ({ id }) => readJournal(await readJournalLines(id))));
    return drafts.filter((draft) => draft !== null && wanted(draft)) as Draft[];
  } catch {
    return []; // the server is away; what it keeps can be opened later
  }
}
