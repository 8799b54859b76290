/** Drafts on the server: the same journals, as files of the user's, for when a browser forgets its own. */

import { fetchJson, request, ServerError } from "@/server/api";

const FOLDER = "drafts";
const SUFFIX = ".jsonl";

const routeOf = (id: string): string => `/userdata/${encodeURIComponent(`${FOLDER}/${id}${SUFFIX}`)}`;

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

/** A journal on the server, and when it was written last, in ms since 1970. */
export interface JournalInfo {
  readonly id: string;
  readonly modified: number;
}

/** Return which journals there are, newest first. */
export async function listJournals(): Promise<readonly JournalInfo[]> {
  const files = await fetchJson<{ path: string; modified: number }[]>(
    `/userdata?dir=${FOLDER}&full_info=true&optional=true`,
  );
  return files
    .filter(({ path }) => path.endsWith(SUFFIX))
    .map(({ path, modified }) => ({ id: path.slice(0, -SUFFIX.length), modified: modified * 1000 }))
    .sort((one, other) => other.modified - one.modified);
}

/** Return the lines of a journal. */
export async function readJournalLines(id: string): Promise<readonly string[]> {
  return (await (await request(routeOf(id), { cache: "no-store" })).text()).split("\n");
}
