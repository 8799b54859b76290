/** One open workflow in the bar at the top. */

import { X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { type OpenDocument, useSession } from "@/editor/session";
import { closeDocument } from "@/files/close";
import { useUnsaved } from "@/files/saved-marker";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import { ContextMenu } from "@/ui/menu";
import styles from "./document-tabs.module.css";
import { closeOthers } from "./open-documents";
import { TabName } from "./tab-name";

interface DocumentTabProps {
  readonly document: OpenDocument;
  readonly active: boolean;
}

/** Shows the workflow on a press, closes it on a press of the middle button, renames it on a double one. */
export function DocumentTab({ document, active }: DocumentTabProps) {
  const text = useText();
  const unsaved = useUnsaved(document);
  const [renaming, setRenaming] = useState(false);
  const { id, title } = document;
  const press = (event: KeyboardEvent) => {
    if (event.key === "Delete") void closeDocument(id);
    if (event.key === "F2") setRenaming(true);
  };
  const entries = [
    { label: text("common.rename"), keys: "F2", onSelect: () => setRenaming(true) },
    { label: text("common.close"), onSelect: () => void closeDocument(id) },
    { label: text("shell.close-others"), onSelect: () => void closeOthers(id) },
  ];
  if (renaming) return <TabName document={document} onDone={() => setRenaming(false)} />;
  return (
    <ContextMenu entries={entries}>
      <li
        className={classNames(styles.tab, active && styles.active, unsaved && styles.unsaved)}
        data-document={id}
      >
        <button
          type="button"
          data-tab
          className={styles.name}
          tabIndex={active ? 0 : -1}
          aria-current={active ? "page" : undefined}
          title={document.path ?? title}
          onClick={() => useSession.getState().activate(id)}
          onDoubleClick={() => setRenaming(true)}
          onAuxClick={(event) => event.button === 1 && void closeDocument(id)}
          onKeyDown={press}
        >
          <span className={styles.title}>{title}</span>
          {unsaved && <span className="sr-only">{text("shell.unsaved")}</span>}
        </button>
        <span className={styles.dot} aria-hidden />
        <button
          type="button"
          className={styles.close}
          tabIndex={-1}
          aria-label={text("shell.close-workflow", { title })}
          onClick={() => void closeDocument(id)}
        >
          <X size={14} aria-hidden />
        </button>
      </li>
    </ContextMenu>
  );
}
