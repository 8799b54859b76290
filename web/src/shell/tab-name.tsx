/** The name of an open workflow while it is being changed. */

import { type KeyboardEvent, useState } from "react";
import type { OpenDocument } from "@/editor/session";
import { renameDocument } from "@/files/rename";
import { useText } from "@/i18n/language";
import styles from "./document-tabs.module.css";

interface TabNameProps {
  readonly document: OpenDocument;
  /** Called when the name was given, or left as it was. */
  readonly onDone: () => void;
}

/** A field in the tab's place: Enter takes the name, Escape leaves it. */
export function TabName({ document, onDone }: TabNameProps) {
  const text = useText();
  const [name, setName] = useState(document.title);
  const finish = () => {
    const trimmed = name.trim();
    if (trimmed !== "" && trimmed !== document.title) void renameDocument(document, trimmed);
    onDone();
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") finish();
    if (event.key === "Escape") onDone();
  };
  return (
    <li className={styles.tab} data-document={document.id}>
      <input
        className={styles.field}
        aria-label={text("shell.workflow-name")}
        value={name}
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: the user asked to write here
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={press}
        onBlur={finish}
      />
    </li>
  );
}
