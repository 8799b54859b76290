import type { Command } from "@/editor/command";
import { togglePanel } from "@/editor/panels-state";
import { activeDocument, type OpenDocument } from "@/editor/session";
import { closeDocument } from "./close";
import { createDocument, freeTitle, newDocument } from "./create-document";
import { copyLink, exportApi, exportJson, exportPicture, exportPython } from "./export";
import { save, saveAs, saveCopy } from "./save";
import { chooseFiles } from "./take-files";
import { showVersions } from "./window-state";

const isOpen = (): boolean => activeDocument() !== undefined;
const isInFile = (): boolean => typeof activeDocument()?.path === "string";

/** Return what does something with the document that is shown. */
function withDocument(act: (document: OpenDocument) => unknown): () => Promise<void> {
  return async () => {
    const document = activeDocument();
    if (document) await act(document);
  };
}

/** Return what does something with the file of the document that is shown. */
const withPath = (act: (path: string) => unknown): (() => Promise<void>) =>
  withDocument(({ path }) => path !== null && act(path));

/** Open a copy of a document in a tab of its own. */
export function duplicate({ store, title }: OpenDocument): void {
  createDocument(store.records, { title: freeTitle(title), unsaved: true });
}

/** What is done with files. */
export const commands: readonly Command[] = [
  { id: "file.new", group: "file", label: "files.new", keys: ["alt+n"], run: () => void newDocument() },
  { id: "file.open", group: "file", label: "files.open", keys: ["mod+o"], run: chooseFiles },
  {
    id: "file.workflows",
    group: "view",
    label: "files.showWorkflows",
    keys: ["w"],
    run: () => togglePanel("workflows"),
  },
  {
    id: "file.save",
    group: "file",
    label: "files.save",
    keys: ["mod+s"],
    enabled: isOpen,
    run: withDocument(save),
  },
  {
    id: "file.save-as",
    group: "file",
    label: "files.saveAs",
    keys: ["mod+shift+s"],
    enabled: isOpen,
    run: withDocument(saveAs),
  },
  {
    id: "file.save-copy",
    group: "file",
    label: "files.saveCopy",
    enabled: isOpen,
    run: withDocument(saveCopy),
  },
  {
    id: "file.duplicate",
    group: "file",
    label: "files.duplicate",
    enabled: isOpen,
    run: withDocument(duplicate),
  },
  {
    id: "file.versions",
    group: "file",
    label: "files.versions",
    enabled: isInFile,
    run: withPath(showVersions),
  },
  {
    id: "file.copy-link",
    group: "file",
    label: "files.copyLink",
    enabled: isInFile,
    run: withPath(copyLink),
  },
  { id: "file.export", group: "file", label: "files.export", enabled: isOpen, run: withDocument(exportJson) },
  {
    id: "file.export-api",
    group: "file",
    label: "files.exportApi",
    enabled: isOpen,
    run: withDocument(exportApi),
  },
  {
    id: "file.export-python",
    group: "file",
    label: "files.exportPython",
    enabled: isOpen,
    run: withDocument(exportPython),
  },
  {
    id: "file.export-picture",
    group: "file",
    label: "files.exportPicture",
    enabled: isOpen,
    run: withDocument(exportPicture),
  },
  {
    id: "file.close",
    group: "file",
    label: "files.close",
    keys: ["alt+w"],
    enabled: isOpen,
    run: withDocument(({ id }) => closeDocument(id)),
  },
];
