/** Files that the server keeps for the user: workflows, drafts, settings of the editor. */

import { fetchJson, request, ServerError } from "./api";

/** A file of the user's: its size in bytes, its times in seconds since 1970. */
export interface FileInfo {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly created: number;
}

const routeOf = (path: string): string => `/userdata/${encodeURIComponent(path)}`;

/** Return a file's text; throws a ServerError, with status 404 where there is no such file. */
export async function readFile(path: string): Promise<string> {
  return (await request(routeOf(path), { cache: "no-cache" })).text();
}

/**
 * Keep a file, whole or not at all; throws a ServerError.
 *
 * @param path Such as `workflows/portrait.json`; folders are made.
 * @param options `overwrite` false: a file of that name stays, and the error has the status 409. `keepalive`:
 *   it is sent even when the page is being left, up to 64 KB.
 */
export function writeFile(
  path: string,
  content: string | Blob,
  options: { readonly overwrite?: boolean; readonly keepalive?: boolean } = {},
): Promise<FileInfo> {
  const query = `?overwrite=${options.overwrite ?? true}&full_info=true`;
  return fetchJson(routeOf(path) + query, {
    method: "POST",
    body: content,
    keepalive: options.keepalive ?? false,
  });
}

/** Delete a file; one that is not there is fine. Throws a ServerError. */
export async function deleteFile(path: string): Promise<void> {
  await request(routeOf(path), { method: "DELETE" }).catch(unlessMissing);
}

/** Give a file another name; throws a ServerError, 409 where that name is taken and not to be replaced. */
export function moveFile(
  from: string,
  to: string,
  options: { readonly overwrite?: boolean } = {},
): Promise<FileInfo> {
  const query = `?overwrite=${options.overwrite ?? false}&full_info=true`;
  return fetchJson(`${routeOf(from)}/move/${encodeURIComponent(to)}${query}`, { method: "POST" });
}

/** Return the files in a folder and beneath it, their paths relative to it; none where it is not there. */
export async function listFiles(folder: string): Promise<readonly FileInfo[]> {
  const query = `dir=${encodeURIComponent(folder)}&recurse=true&full_info=true`;
  const found = await fetchJson<FileInfo[]>(`/userdata?${query}`).catch(unlessMissing);
  return found ?? [];
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof ServerError && error.status === 404) return undefined;
  throw error;
}
