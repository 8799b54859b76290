/** The open workflows, each as a tab of the bar at the top. */

import { ChevronsUpDown, Plus } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { COMMANDS } from "@/commands/all";
import { useSession } from "@/editor/session";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Menu } from "@/ui/menu";
import { DocumentTab } from "./document-tab";
import styles from "./document-tabs.module.css";
import { useOverflow } from "./overflow";
import { useTabDrag } from "./tab-drag";

/** Go to the tab beside the one that has the focus. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined || event.target instanceof HTMLInputElement) return;
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-tab]")];
  const place = tabs.indexOf(document.activeElement as HTMLElement);
  tabs[(place + step + tabs.length) % tabs.length]?.focus();
  event.preventDefault();
}

/** Tabs in their order, then the buttons for a new workflow and for the list of all. */
export function DocumentTabs() {
  const text = useText();
  const documents = useSession((state) => state.documents);
  const activeId = useSession((state) => state.activeId);
  const list = useRef<HTMLUListElement>(null);
  const overflows = useOverflow(list, documents.length);
  const drag = useTabDrag(list);
  useEffect(() => {
    list.current?.querySelector(`[data-document="${activeId}"]`)?.scrollIntoView({ inline: "nearest" });
  }, [activeId]);
  return (
    <nav className={styles.tabs} aria-label={text("shell.open-workflows")}>
      <ul ref={list} className={styles.list} onKeyDown={moveFocus} {...drag}>
        {documents.map((document) => (
          <DocumentTab key={document.id} document={document} active={document.id === activeId} />
        ))}
      </ul>
      <NewButton />
      {overflows && <DocumentList />}
    </nav>
  );
}

function NewButton() {
  const text = useText();
  const command = COMMANDS.find((one) => one.id === "file.new");
  if (!command) return null;
  return (
    <IconButton
      label={text(command.label)}
      keys={command.keys?.[0]}
      icon={Plus}
      onClick={() => void command.run()}
    />
  );
}

function DocumentList() {
  const text = useText();
  const entries = () => {
    const { documents, activeId, activate } = useSession.getState();
    return documents.map(({ id, title }) => ({
      label: title,
      checked: id === activeId,
      onSelect: () => activate(id),
    }));
  };
  return (
    <Menu entries={entries} align="end">
      <IconButton label={text("shell.all-open")} icon={ChevronsUpDown} />
    </Menu>
  );
}
