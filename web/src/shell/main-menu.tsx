/** The menu behind the mark: every command, by its group. */

import { ChevronDown } from "lucide-react";
import { COMMANDS } from "@/commands/all";
import type { Command, CommandGroup } from "@/editor/command";
import { text, useText } from "@/i18n/language";
import { Menu, type MenuEntry } from "@/ui/menu";
import { Logo } from "./logo";
import styles from "./main-menu.module.css";

const GROUPS: readonly CommandGroup[] = ["file", "edit", "select", "node", "view", "run", "help"];

/** Run a command when the menu has closed and given the focus back. */
export const runLater = (command: Command): void => {
  setTimeout(() => void command.run());
};

function entryOf(command: Command): MenuEntry {
  return {
    label: text(command.label),
    keys: command.keys?.[0],
    disabled: command.enabled ? !command.enabled() : false,
    onSelect: () => runLater(command),
  };
}

/** Return the groups that have commands, each as a menu of its own. */
function menuOfCommands(): readonly MenuEntry[] {
  return GROUPS.flatMap((group) => {
    const entries = COMMANDS.filter((command) => command.group === group).map(entryOf);
    return entries.length > 0 ? [{ label: text(`shell.group-${group}`), entries }] : [];
  });
}

/** The mark of the editor, as a button that opens the menu. */
export function MainMenu() {
  const say = useText();
  return (
    <Menu entries={menuOfCommands}>
      <button type="button" className={styles.button} aria-label={say("shell.menu")}>
        <Logo />
        <ChevronDown size={14} aria-hidden />
      </button>
    </Menu>
  );
}
