/** The bar at the top: the menu, the open workflows, undo and redo, running. */

import { useText } from "@/i18n/language";
import { RunButton } from "@/run/run-button";
import { DocumentTabs } from "./document-tabs";
import { MainMenu } from "./main-menu";
import { ShareMenu } from "./share-menu";
import styles from "./top-bar.module.css";
import { UndoButtons } from "./undo-buttons";

/** One line of 48 px height. */
export function TopBar() {
  const text = useText();
  return (
    <header className={styles.bar}>
      <h1 className="sr-only">{text("shell.name")}</h1>
      <MainMenu />
      <DocumentTabs />
      <div className={styles.actions}>
        <UndoButtons />
        <span className={styles.divider} />
        <RunButton />
        <ShareMenu />
      </div>
    </header>
  );
}
