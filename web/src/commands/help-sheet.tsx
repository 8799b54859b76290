/** The sheet with every key and gesture. */

import { Printer, SearchX } from "lucide-react";
import { useMemo, useState } from "react";
import type { CommandGroup } from "@/editor/command";
import { hideOverlay } from "@/editor/overlays";
import { text as say, type TextKey, useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { EmptyState } from "@/ui/empty-state";
import { Keys } from "@/ui/keys";
import { SearchField } from "@/ui/search-field";
import { COMMANDS } from "./all";
import { GESTURES } from "./gestures";
import styles from "./help-sheet.module.css";
import { howWell } from "./ranking";

interface HelpLine {
  readonly what: string;
  /** Keys, as commands write them. */
  readonly keys: readonly string[];
  /** What is done with the mouse or the fingers, in words. */
  readonly how?: string;
}

interface HelpGroup {
  readonly heading: TextKey;
  readonly lines: readonly HelpLine[];
}

const GROUPS: readonly CommandGroup[] = ["run", "edit", "select", "node", "view", "file", "help"];

function helpGroups(): readonly HelpGroup[] {
  const commands = GROUPS.map((group): HelpGroup => {
    const listed = COMMANDS.filter((command) => command.group === group && command.keys?.length);
    const lines = listed.map(({ label, keys = [] }) => ({ what: say(label), keys }));
    return { heading: `shell.group-${group}`, lines };
  });
  const gestures = GESTURES.map(
    ({ heading, lines }): HelpGroup => ({
      heading,
      lines: lines.map(({ what, how, keys = [] }) => ({
        what: say(what),
        keys,
        ...(how && { how: say(how) }),
      })),
    }),
  );
  return [...commands, ...gestures];
}

function fitting(groups: readonly HelpGroup[], query: string): readonly HelpGroup[] {
  return groups
    .map(({ heading, lines }) => ({
      heading,
      lines: lines.filter(({ what, how = "", keys }) => howWell([what, how, ...keys].join(" "), query) > 0),
    }))
    .filter(({ lines }) => lines.length > 0);
}

/** Every command that has keys, by groups, then what mouse and fingers do; searchable, and fit for printing. */
export default function HelpSheet() {
  const text = useText();
  const [query, setQuery] = useState("");
  const groups = useMemo(() => fitting(helpGroups(), query), [query]);
  return (
    <Dialog open onOpenChange={(open) => !open && hideOverlay()} title={text("shell.help")} size="large">
      <div className={styles.tools}>
        <SearchField
          className={styles.search}
          label={text("shell.help-search")}
          value={query}
          onChange={setQuery}
        />
        <Button icon={Printer} onClick={() => print()}>
          {text("shell.print")}
        </Button>
      </div>
      {groups.length === 0 && <EmptyState icon={SearchX} title={text("shell.nothing-found")} />}
      <div className={styles.groups} data-print>
        {groups.map((group) => (
          <Group key={group.heading} group={group} />
        ))}
      </div>
    </Dialog>
  );
}

function Group({ group }: { readonly group: HelpGroup }) {
  const text = useText();
  return (
    <section className={styles.group}>
      <h3 className={styles.heading}>{text(group.heading)}</h3>
      <dl className={styles.lines}>
        {group.lines.map(({ what, keys, how }) => (
          <div key={what} className={styles.line}>
            <dt className={styles.what}>{what}</dt>
            <dd className={styles.how}>
              {how}
              {keys.map((one) => (
                <Keys key={one} keys={one} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
