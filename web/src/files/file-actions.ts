/** What is done with saved workflows besides opening them. */

import { useSession } from "@/editor/session";
import { text } from "@/i18n/language";
import { ServerError } from "@/server/api";
import { toast } from "@/ui/toast";
import { moveBookmark } from "./bookmarks";
import { nameOfPath, pathOfName } from "./file-names";
import { titleOfPath } from "./open";
import { replaceRecent } from "./recent-files";
import { report } from "./report";
import { rememberFile, savedFile } from "./saved-file";
import {
  deleteSaved,
  listVersions,
  moveSaved,
  readSaved,
  splitPath,
  type Version,
  writeSaved,
} from "./user-workflows";
import { filesChanged, useWorkflowList } from "./workflow-list";

/** Give a workflow another name, or put it into another folder; returns whether that was done. */
export async function renameFile(path: string, name: string): Promise<boolean> {
  const to = pathOfName(name);
  if (to === path) return true;
  try {
    const tag = await moveSaved(path, to);
    for (const document of useSession.getState().documents.filter((one) => one.path === path)) {
      const file = savedFile(document.id);
      useSession.getState().amend(document.id, { path: to, title: titleOfPath(to) });
      if (file) rememberFile(document.id, { ...file, tag });
    }
    replaceRecent(path, to);
    await moveBookmark(path, to);
    filesChanged();
    return true;
  } catch (error) {
    const taken = error instanceof ServerError && error.status === 409;
    if (taken) toast({ text: text("files.exists", { name: nameOfPath(to) }), kind: "error", seconds: 8 });
    else report(error, "files.notRenamed", { name: nameOfPath(path) });
    return false;
  }
}

/** Give a folder, `old/`, another name: all workflows in it move. Stops at the first that cannot. */
export async function renameFolder(folder: string, to: string): Promise<void> {
  const files = useWorkflowList.getState().files ?? [];
  for (const name of files.map(({ path }) => nameOfPath(path)).filter((one) => one.startsWith(folder))) {
    if (!(await renameFile(pathOfName(name), `${to}/${name.slice(folder.length)}`))) return;
  }
}

/** Delete a workflow; it can be brought back, at once and later. */
export async function deleteFile(path: string): Promise<void> {
  try {
    await deleteSaved(path);
    for (const document of useSession.getState().documents.filter((one) => one.path === path)) {
      useSession.getState().amend(document.id, { path: null, savedSteps: -1 });
      rememberFile(document.id, null);
    }
    replaceRecent(path, null);
    await moveBookmark(path, null);
    filesChanged();
    const bring = () => void listVersions(path).then(([last]) => last && bringBack(path, last));
    toast({
      text: text("files.deleted", { name: nameOfPath(path) }),
      action: { label: text("files.bringBack"), run: bring },
    });
  } catch (error) {
    report(error, "files.notDeleted", { name: nameOfPath(path) });
  }
}

/** Make the content of a version the content of a workflow whose file was deleted. */
export async function bringBack(path: string, version: Version): Promise<void> {
  try {
    const { content } = await readSaved(version.path);
    await writeSaved(path, content, null);
    filesChanged();
  } catch (error) {
    report(error, "files.notSaved", { title: nameOfPath(path) });
  }
}

/** Copy a workflow in its folder, under a name that is free. */
export async function duplicateFile(path: string): Promise<void> {
  const taken = new Set(useWorkflowList.getState().files?.map((file) => file.path));
  const [folder, name] = splitPath(path);
  const bare = text("files.copyOf", { title: name.replace(/\.json$/, "") });
  let copy = `${folder}${bare}.json`;
  for (let number = 2; taken.has(copy); number++) copy = `${folder}${bare} ${number}.json`;
  try {
    await writeSaved(copy, (await readSaved(path)).content, null);
    filesChanged();
  } catch (error) {
    report(error, "files.notSaved", { title: nameOfPath(copy) });
  }
}
