/** The choice of the interface's language. */

import { Languages } from "lucide-react";
import { changeSetting } from "@/editor/settings";
import { useLanguage, useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Menu } from "@/ui/menu";
import { ToolbarItem } from "@/ui/toolbar";

/** Each language is written in itself. */
const NAMES = { en: "English", zh: "中文" } as const;

/** A button of a toolbar that opens the list of languages. */
export function LanguageMenu() {
  const text = useText();
  const language = useLanguage((state) => state.language);
  const entries = (["en", "zh"] as const).map((one) => ({
    label: NAMES[one],
    checked: one === language,
    onSelect: () => changeSetting("language", one),
  }));
  return (
    <Menu entries={entries} side="right" align="end">
      <ToolbarItem>
        <IconButton label={text("shell.language")} icon={Languages} size="large" side="right" />
      </ToolbarItem>
    </Menu>
  );
}
