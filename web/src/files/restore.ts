/** What is open when the page comes up: what was open before, a workflow that the address names, the starter. */

import { openPanel } from "@/editor/panels-state";
import { useSession } from "@/editor/session";
import { text } from "@/i18n/language";
import { toast } from "@/ui/toast";
import { readLines } from "./draft-database";
import { keepDrafts } from "./draft-keeping";
import { type Draft, readJournal } from "./journal";
import { openSaved } from "./open";
import { followOtherTabs } from "./other-tabs";
import { draftsElsewhere, draftsOfOurs, openDrafts } from "./remote-drafts";
import { reportOpening } from "./report";
import { claimDraft } from "./tab-locks";
import { openTemplateNamed, STARTER } from "./templates";
import { thisBrowser } from "./this-browser";
import { FOLDER } from "./user-workflows";

const ADDRESS = "workflow";
/** Drafts of others are no hurry: they are asked for when the page has been there for so many ms. */
const CALM = 3000;

let restoring: Promise<void> | undefined;

/**
 * Open what was open before, then what the address asks for with `?workflow=`, a template's name or the path of a
 * saved one; at the first visit the starter. From then on drafts are kept. Never throws; once is enough.
 */
export function restoreDocuments(): Promise<void> {
  restoring ??= restore();
  return restoring;
}

async function restore(): Promise<void> {
  const { known } = thisBrowser();
  const asked = new URLSearchParams(location.search).get(ADDRESS);
  const drafts = await draftsOfBrowser();
  if (drafts.length > 0) openDrafts(drafts);
  else if (known) await openRemote();
  keepDrafts();
  followOtherTabs();
  if (asked !== null) await openAsked(asked);
  else if (!known && useSession.getState().documents.length === 0) await openStarter();
  if (!known) setTimeout(() => void offerRemote(), CALM);
}

/** Return the drafts that no other tab has open. */
async function draftsOfBrowser(): Promise<readonly Draft[]> {
  const journals = await readLines().catch(() => new Map<string, readonly string[]>());
  const claimed = await Promise.all(
    [...journals].map(async ([id, lines]) => ((await claimDraft(id)) ? readJournal(lines) : null)),
  );
  return claimed.filter((draft) => draft !== null);
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
  const drafts = await draftsOfOurs();
  if (drafts.length > 0) openDrafts(drafts);
}

/** Offer drafts of browsers that forgot even their names. */
async function offerRemote(): Promise<void> {
  const drafts = await draftsElsewhere();
  if (drafts.length === 0) return;
  toast({
    text: text("files.otherDrafts", { count: drafts.length }),
    detail: drafts.map(({ title }) => title).join(", "),
    seconds: 12,
    key: "files.otherDrafts",
    action: { label: text("files.show"), run: () => openPanel("workflows") },
  });
}
