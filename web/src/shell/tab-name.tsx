/** The name of an open workflow while it is being changed. */

import type { OpenDocument } from "@/editor/session";
import { renameDocument } from "@/files/rename";
import { useText } from "@/i18n/language";
import { NameInput } from "@/ui/name-input";
import styles from "./document-tabs.module.css";

interface TabNameProps {
  readonly document: OpenDocument;
  /** Called when the name was given, or left as it was. */
  readonly onDone: () => void;
}

/** A field in the tab's place; an empty name leaves the old one. */
export function TabName({ document, onDone }: TabNameProps) {
  const text = useText();
  const done = (name: string | null) => {
    const trimmed = name?.trim() ?? "";
    if (trimmed !== "" && trimmed !== document.title) void renameDocument(document, trimmed);
    onDone();
  };
  return (
    <li className={styles.tab} data-document={document.id}>
      <NameInput
        className={styles.field}
        label={text("shell.workflow-name")}
        value={document.title}
        onDone={done}
      />
    </li>
  );
}
