/** One line of the list of workflows. */

import {
  ChevronDown,
  ChevronRight,
  Copy,
  FileText,
  Folder,
  History,
  Link,
  PencilLine,
  Star,
  Trash2,
} from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useSession } from "@/editor/session";
import { text as say, useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import { IconButton } from "@/ui/icon-button";
import { ContextMenu, type MenuEntry } from "@/ui/menu";
import { NameInput } from "@/ui/name-input";
import { promptText } from "@/ui/prompt";
import { toggleBookmark, useBookmarks } from "./bookmarks";
import { copyLink } from "./export";
import { deleteFile, duplicateFile, renameFile, renameFolder } from "./file-actions";
import { nameOfPath, wrongName } from "./file-names";
import { openSaved } from "./open";
import { reportOpening } from "./report";
import { showVersions } from "./window-state";
import styles from "./workflow-row.module.css";
import type { Row } from "./workflow-tree";

interface FolderRowProps {
  readonly row: Row;
  readonly onToggle: (id: string) => void;
}

/** A folder: opens and closes on a press, and with the arrows to the right and left. */
export function FolderRow({ row, onToggle }: FolderRowProps) {
  const text = useText();
  const { id, label, depth, open } = row;
  const press = (event: KeyboardEvent) => {
    if (event.key === "F2") void askFolder(id);
    if ((event.key === "ArrowRight" && !open) || (event.key === "ArrowLeft" && open)) onToggle(id);
  };
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <ContextMenu
      entries={[{ label: text("common.rename"), icon: PencilLine, onSelect: () => void askFolder(id) }]}
    >
      <li className={styles.row} style={{ paddingInlineStart: depth * 16 }}>
        <button
          type="button"
          data-row
          className={styles.name}
          aria-expanded={open}
          onClick={() => onToggle(id)}
          onKeyDown={press}
        >
          <Arrow size={14} aria-hidden className={styles.icon} />
          <Folder size={16} strokeWidth={1.75} aria-hidden className={styles.icon} />
          <span className={styles.label}>{label}</span>
        </button>
      </li>
    </ContextMenu>
  );
}

/** Ask for another name of a folder, `old/`, and give it that. */
async function askFolder(folder: string): Promise<void> {
  const name = await promptText({
    title: say("files.renameFolder"),
    label: say("files.name"),
    value: folder.slice(0, -1),
    action: say("common.rename"),
    check: wrongName,
  });
  if (name !== null && `${name}/` !== folder) await renameFolder(folder, name);
}

/** A workflow: opens on a press; F2 renames it, Delete deletes it, its menu has the rest. */
export function FileRow({ row }: { readonly row: Row }) {
  const text = useText();
  const [renaming, setRenaming] = useState(false);
  const path = row.id;
  const active = useSession(
    ({ documents, activeId }) => documents.find(({ id }) => id === activeId)?.path === path,
  );
  const marked = useBookmarks(({ paths }) => paths.has(path));
  const open = () => void reportOpening(openSaved(path), row.label);
  const press = (event: KeyboardEvent) => {
    if (event.key === "F2") setRenaming(true);
    if (event.key === "Delete") void deleteFile(path);
  };
  if (renaming) return <NameField path={path} depth={row.depth} onDone={() => setRenaming(false)} />;
  return (
    <ContextMenu entries={() => entriesOf(path, marked, open, () => setRenaming(true), text)}>
      <li
        className={classNames(styles.row, active && styles.active)}
        style={{ paddingInlineStart: row.depth * 16 }}
      >
        <button
          type="button"
          data-row
          className={styles.name}
          aria-current={active || undefined}
          title={row.label}
          onClick={open}
          onKeyDown={press}
        >
          <FileText size={16} strokeWidth={1.75} aria-hidden className={styles.icon} />
          <span className={styles.label}>{row.label}</span>
        </button>
        <IconButton
          label={text(marked ? "files.unmark" : "files.mark", { name: row.label })}
          icon={Star}
          size="small"
          pressed={marked}
          className={styles.star}
          onClick={() => void toggleBookmark(path)}
        />
      </li>
    </ContextMenu>
  );
}

function entriesOf(
  path: string,
  marked: boolean,
  open: () => void,
  rename: () => void,
  text: ReturnType<typeof useText>,
): readonly MenuEntry[] {
  const name = nameOfPath(path);
  return [
    { label: text("common.open"), icon: FileText, onSelect: open },
    // The field takes the focus, which the menu gives back when it closes.
    { label: text("common.rename"), icon: PencilLine, keys: "F2", onSelect: () => setTimeout(rename, 50) },
    { label: text("files.duplicate"), icon: Copy, onSelect: () => void duplicateFile(path) },
    {
      label: text(marked ? "files.unmark" : "files.mark", { name }),
      icon: Star,
      onSelect: () => void toggleBookmark(path),
    },
    { label: text("files.versions"), icon: History, onSelect: () => showVersions(path) },
    { label: text("files.copyLink"), icon: Link, onSelect: () => void copyLink(path) },
    "separator",
    {
      label: text("common.delete"),
      icon: Trash2,
      keys: "Delete",
      danger: true,
      onSelect: () => void deleteFile(path),
    },
  ];
}

interface NameFieldProps {
  readonly path: string;
  readonly depth: number;
  readonly onDone: () => void;
}

function NameField({ path, depth, onDone }: NameFieldProps) {
  const text = useText();
  const done = async (name: string | null) => {
    if (name !== null) await renameFile(path, name);
    onDone();
  };
  return (
    <li className={styles.row} style={{ paddingInlineStart: depth * 16 }}>
      <NameInput
        className={styles.field}
        label={text("files.name")}
        value={nameOfPath(path)}
        check={wrongName}
        onDone={(name) => void done(name)}
      />
    </li>
  );
}
