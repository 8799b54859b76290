/** The bar at the top of a phone: which workflow is shown, undo and redo. */

import { ChevronDown } from "lucide-react";
import { COMMANDS } from "@/commands/all";
import { useActiveDocument, useSession } from "@/editor/session";
import { closeDocument } from "@/files/close";
import { text, useText } from "@/i18n/language";
import { Menu, type MenuEntry } from "@/ui/menu";
import { Logo } from "../logo";
import { runLater } from "../main-menu";
import { UndoButtons } from "../undo-buttons";
import styles from "./phone.module.css";

/** The open workflows to go to, and what is done with the one that is shown. */
function entries(): readonly MenuEntry[] {
  const { documents, activeId, activate } = useSession.getState();
  const open = documents.map(({ id, title }) => ({
    label: title,
    checked: id === activeId,
    onSelect: () => activate(id),
  }));
  const actions = COMMANDS.filter((command) => command.group === "file").map((command) => ({
    label: text(command.label),
    disabled: command.enabled ? !command.enabled() : false,
    onSelect: () => runLater(command),
  }));
  const close = activeId
    ? [{ label: text("shell.close-this"), onSelect: () => void closeDocument(activeId) }]
    : [];
  return [{ heading: text("shell.open-workflows") }, ...open, "separator", ...actions, ...close];
}

/** The bar on top: which workflow is shown, and the menus. */
export function PhoneBar() {
  const say = useText();
  const document = useActiveDocument();
  return (
    <header className={styles.bar}>
      <h1 className="sr-only">{say("shell.name")}</h1>
      <Menu entries={entries}>
        <button type="button" className={styles.document}>
          <Logo size={22} />
          <span>{document?.title ?? say("shell.no-workflow")}</span>
          <ChevronDown size={16} aria-hidden />
        </button>
      </Menu>
      <UndoButtons />
    </header>
  );
}
