/** The dialog in which settings are changed; each change has its effect at once. */

import { RotateCcw, SearchX } from "lucide-react";
import { useState } from "react";
import { howWell } from "@/commands/ranking";
import { hideOverlay, showOverlay } from "@/editor/overlays";
import { resetSettings } from "@/editor/settings";
import { text as say, type TextKey, useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { EmptyState } from "@/ui/empty-state";
import { SearchField } from "@/ui/search-field";
import { SettingField } from "./setting-field";
import styles from "./settings-dialog.module.css";
import { SETTING_GROUPS, type SettingGroup, type SettingLine } from "./settings-list";

const labelOf = ({ key }: SettingLine): TextKey => `shell.setting-${key}` as TextKey;

function fitting(query: string): readonly SettingGroup[] {
  return SETTING_GROUPS.map(({ heading, lines }) => ({
    heading,
    lines: lines.filter((line) => howWell(`${say(labelOf(line))} ${say(heading)}`, query) > 0),
  })).filter(({ lines }) => lines.length > 0);
}

async function askAndReset(): Promise<void> {
  const sure = await confirm({
    title: say("shell.settings-reset-title"),
    text: say("shell.settings-reset-text"),
    action: say("common.reset"),
  });
  if (sure) resetSettings();
}

/** All settings by groups, with a search. */
export default function SettingsDialog() {
  const text = useText();
  const [query, setQuery] = useState("");
  const groups = fitting(query);
  const footer = (
    <>
      <Button kind="quiet" icon={RotateCcw} className={styles.reset} onClick={() => void askAndReset()}>
        {text("shell.settings-reset")}
      </Button>
      <Button onClick={() => showOverlay("help")}>{text("shell.help")}</Button>
    </>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && hideOverlay()}
      title={text("shell.settings")}
      footer={footer}
    >
      <SearchField label={text("shell.settings-search")} value={query} onChange={setQuery} />
      {groups.length === 0 && <EmptyState icon={SearchX} title={text("shell.nothing-found")} />}
      {groups.map(({ heading, lines }) => (
        <section key={heading} className={styles.group}>
          <h3 className={styles.heading}>{text(heading)}</h3>
          {lines.map((line) => (
            <SettingField key={line.key} line={line} label={text(labelOf(line))} />
          ))}
        </section>
      ))}
    </Dialog>
  );
}
