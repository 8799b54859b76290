/** The window in which everything is found by typing. */

import { Command } from "cmdk";
import { Search, SearchX } from "lucide-react";
import { Dialog } from "radix-ui";
import { useMemo, useState } from "react";
import { hideOverlay } from "@/editor/overlays";
import { useTemplates } from "@/files/templates-state";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import { EmptyState } from "@/ui/empty-state";
import { useFocusReturn } from "@/ui/focus-return";
import { Keys } from "@/ui/keys";
import surface from "@/ui/surface.module.css";
import styles from "./palette.module.css";
import { noteItem, type PaletteItem, paletteGroups } from "./palette-items";

/** Lists what fits; Enter or a press does the chosen one, after the window has closed. */
export default function Palette() {
  const text = useText();
  const giveBack = useFocusReturn();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && hideOverlay()}>
      <Dialog.Portal>
        <Dialog.Overlay className={surface.shade} />
        <Dialog.Content
          className={classNames(surface.palette, styles.palette)}
          aria-describedby={undefined}
          onCloseAutoFocus={giveBack}
        >
          <Dialog.Title className="sr-only">{text("shell.palette")}</Dialog.Title>
          <PaletteList />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function choose(item: PaletteItem): void {
  noteItem(item.id);
  hideOverlay();
  // The window gives the focus back as it closes; what is chosen may move it elsewhere.
  setTimeout(item.run);
}

function PaletteList() {
  const text = useText();
  const [query, setQuery] = useState("");
  const { groups: templates } = useTemplates();
  const groups = useMemo(
    () => paletteGroups(query, templates?.flatMap((group) => group.templates) ?? []),
    [query, templates],
  );
  return (
    <Command label={text("shell.palette")} shouldFilter={false} loop className={styles.command}>
      <div className={styles.search}>
        <Search size={18} aria-hidden />
        <Command.Input
          className={styles.input}
          placeholder={text("shell.palette-placeholder")}
          value={query}
          onValueChange={setQuery}
        />
      </div>
      <Command.List className={styles.list} label={text("shell.palette")}>
        {groups.map(({ heading, items }) => (
          <Command.Group key={heading} heading={text(heading)} className={styles.group}>
            {items.map((item) => (
              <Item key={item.id} item={item} value={`${heading}/${item.id}`} />
            ))}
          </Command.Group>
        ))}
      </Command.List>
      {groups.length === 0 && (
        <EmptyState
          icon={SearchX}
          title={text("shell.nothing-found")}
          text={text("shell.nothing-found-detail")}
        />
      )}
    </Command>
  );
}

function Item({ item, value }: { readonly item: PaletteItem; readonly value: string }) {
  const Icon = item.icon;
  return (
    <Command.Item value={value} className={styles.item} onSelect={() => choose(item)}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <span className={styles.title}>{item.title}</span>
      {item.detail && <span className={styles.detail}>{item.detail}</span>}
      {item.keys && <Keys keys={item.keys} />}
    </Command.Item>
  );
}
