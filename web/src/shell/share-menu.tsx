/** The ways in which a workflow leaves the editor. */

import { Share2 } from "lucide-react";
import { COMMANDS } from "@/commands/all";
import { text, useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Menu, type MenuEntry } from "@/ui/menu";
import { runLater } from "./main-menu";

/** Addresses first, then files. */
const SHARED: readonly (readonly string[])[] = [
  ["file.copy-link", "app.open", "app.copy-link"],
  ["file.export", "file.export-api", "file.export-python"],
];

function entries(): readonly MenuEntry[] {
  const groups = SHARED.map((ids) =>
    ids.flatMap((id) => {
      const command = COMMANDS.find((one) => one.id === id);
      if (!command) return [];
      const disabled = command.enabled ? !command.enabled() : false;
      return [{ label: text(command.label), disabled, onSelect: () => runLater(command) }];
    }),
  ).filter((group) => group.length > 0);
  return groups.flatMap((group, place) => (place > 0 ? ["separator" as const, ...group] : group));
}

/** A button that opens the menu. */
export function ShareMenu() {
  const say = useText();
  return (
    <Menu entries={entries} align="end">
      <IconButton label={say("shell.share")} icon={Share2} />
    </Menu>
  );
}
