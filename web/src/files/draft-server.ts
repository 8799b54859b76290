/** Drafts on the server: the same journals, as files of the user's, for when a browser forgets its own. */

import { fetchJson, request, ServerError } from "@/server/api";
import { userFileRoute } from "@/server/user-file-route";

const FOLDER = "drafts";
const SUFFIX = ".jsonl";

const routeOf = (id: string): string => userFileRoute(`${FOLDER}/${id}${SUFFIX}`);

/** Begin a journal anew with these lines; returns its size in bytes. */
export async function writeJournal(id: string, lines: readonly string[], leaving = false): Promise<number> {
  return send(`${routeOf(id)}?full_info=true`, lines, leaving);
}

/** Add lines to a journal of a size; returns the new size. Throws a ServerError, 409 where it has another. */
export async function addToJournal(
  id: string,
  lines: readonly string[],
  size: number,
  leaving = false,
): Promise<number> {
  return send(`${routeOf(id)}?full_info=true&append=${size}`, lines, leaving);
}

async function send(route: string, lines: readonly string[], leaving: boolean): Promise<number> {
  const body = `${lines.join("\n")}\n`;
  const kept = await fetchJson<{ size: number }>(route, { method: "POST", body, keepalive: leaving });
  return kept.size;
}

/** Forget a journal; one that is not there is fine. */
export async function removeJournal(id: string): Promise<void> {
  await request(routeOf(id), { method: "DELETE" }).catch((error: unknown) => {
    if (!(error instanceof ServerError) || error.status !== 404) throw error;
  });
}

/** A draft on the server as it is told without its contents. */
export interface ListedDraft {
  readonly id: string;
  readonly title: string;
  /** Name of the browser that keeps it. */
  readonly browser: string;
  /** It has changes that no file has. */
  readonly unsaved: boolean;
  /** In bytes. */
  readonly size: number;
  /** When it was written last, in ms since 1970. */
  readonly modified: number;
}

/** Return which drafts there are, the newest first. */
export async function listDrafts(): Promise<readonly ListedDraft[]> {
  const drafts = await fetchJson<readonly ListedDraft[]>("/drafts");
  return drafts.map((draft) => ({ ...draft, modified: draft.modified * 1000 }));
}

/** Return the lines of a journal. */
export async function readJournalLines(id: string): Promise<readonly string[]> {
  return (await (await request(routeOf(id), { cache: "no-store" })).text()).split("\n");
}
