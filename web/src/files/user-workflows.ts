/** The user's workflows on the server: files beneath `workflows/`, and what they held before. */

import { fetchJson, request } from "@/server/api";
import { userFileRoute } from "@/server/user-file-route";

/** Where workflows are kept; ComfyUI's own editor looks there too. */
export const FOLDER = "workflows/";
const VERSIONS = "versions/";

/** A file on the server; `modified` is in ms since 1970. */
export interface FileEntry {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/** A version of a workflow: what its file held until it was replaced or deleted. */
export interface Version extends FileEntry {
  /** The ETag that the file had. */
  readonly tag: string;
}

/** Return what a file holds, and its ETag; throws a ServerError, 404 where it is not there. */
export async function readSaved(path: string): Promise<{ content: string; tag: string }> {
  const answer = await request(userFileRoute(path), { cache: "no-cache" });
  return { content: await answer.text(), tag: tagOf(answer) };
}

/** Return the ETag of a file as it is now; null where it is not there. */
export async function currentTag(path: string): Promise<string | null> {
  const [folder, name] = splitPath(path);
  const there = (await listFiles(folder, false)).some((one) => one.path === name);
  return there ? tagOf(await request(userFileRoute(path), { method: "HEAD", cache: "no-store" })) : null;
}

/**
 * Write a file and return its new ETag. Throws a ServerError: 412 where the file is another one than `known`, 409
 * where `known` is null and there is one.
 */
export async function writeSaved(path: string, content: string, known: string | null): Promise<string> {
  const answer = await request(`${userFileRoute(path)}?overwrite=${known !== null}`, {
    method: "POST",
    body: content,
    headers: known === null ? {} : { "If-Match": `"${known}"` },
  });
  return tagOf(answer);
}

/** Give a file another name; throws a ServerError, 409 where there is one of that name. Returns its ETag. */
export async function moveSaved(path: string, to: string): Promise<string> {
  const route = `${userFileRoute(path)}/move/${encodeURIComponent(to)}?overwrite=false`;
  return tagOf(await request(route, { method: "POST" }));
}

/** Delete a file; what it held becomes a version. */
export async function deleteSaved(path: string): Promise<void> {
  await request(userFileRoute(path), { method: "DELETE" });
}

/** Return all workflows, paths beginning with `workflows/`. */
export async function listWorkflows(): Promise<readonly FileEntry[]> {
  const files = await listFiles(FOLDER, true);
  return files
    .filter(({ path }) => path.endsWith(".json") && !path.split("/").some((part) => part.startsWith(".")))
    .map((file) => ({ ...file, path: FOLDER + file.path }));
}

/** Return the files right in the folder of workflows, hidden ones included, without folders before their names. */
export const listWorkflowFolder = (): Promise<readonly FileEntry[]> => listFiles(FOLDER, false);

/** Return the versions of a workflow, newest first; also of one that was deleted. */
export async function listVersions(path: string): Promise<readonly Version[]> {
  const folder = `${VERSIONS}${path}`;
  return asVersions(folder, await listFiles(folder, false));
}

/** Return the newest version of each workflow whose file is not there any more. */
export async function listDeleted(
  present: ReadonlySet<string>,
): Promise<readonly (Version & { of: string })[]> {
  const files = await listFiles(VERSIONS + FOLDER, true);
  const newest = new Map<string, Version & { of: string }>();
  for (const version of asVersions(VERSIONS + FOLDER.slice(0, -1), files)) {
    const of = version.path.slice(VERSIONS.length, version.path.lastIndexOf("/"));
    if (!present.has(of) && !newest.has(of)) newest.set(of, { ...version, of });
  }
  return [...newest.values()];
}

/** Return where the version of a workflow with an ETag is. */
export const versionPath = (path: string, tag: string): string => `${VERSIONS}${path}/${tag}.json`;

/** Return folder and name of a path. */
export function splitPath(path: string): readonly [folder: string, name: string] {
  const cut = path.lastIndexOf("/") + 1;
  return [path.slice(0, cut), path.slice(cut)];
}

function asVersions(folder: string, files: readonly FileEntry[]): Version[] {
  return files
    .filter(({ path }) => /(^|\/)[\da-f]+-[\da-f]+\.json$/.test(path))
    .map((file) => ({ ...file, path: `${folder}/${file.path}`, tag: splitPath(file.path)[1].slice(0, -5) }))
    .sort((one, other) => other.modified - one.modified);
}

async function listFiles(folder: string, deep: boolean): Promise<readonly FileEntry[]> {
  const query = `dir=${encodeURIComponent(folder)}&full_info=true&optional=true&recurse=${deep}`;
  const files = await fetchJson<FileEntry[]>(`/userdata?${query}`, { cache: "no-store" });
  return files.map(({ path, size, modified }) => ({ path, size, modified: modified * 1000 }));
}

function tagOf(answer: Response): string {
  return (answer.headers.get("ETag") ?? "").replace(/^W\/|"/g, "");
}
