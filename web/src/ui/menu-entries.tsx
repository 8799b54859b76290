/** What stands in a menu. */

import { Check, ChevronRight, type LucideIcon } from "lucide-react";
import type { ContextMenu, DropdownMenu } from "radix-ui";
import { classNames } from "./class-names";
import { Keys } from "./keys";
import styles from "./menu.module.css";
import surface from "./surface.module.css";

/** Something to choose. */
export interface MenuAction {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly keys?: string | undefined;
  readonly disabled?: boolean;
  /** It takes something away. */
  readonly danger?: boolean;
  /** Whether it is switched on, for entries that switch; left out for others. */
  readonly checked?: boolean;
  /** A colour shown before the label, as CSS writes it. */
  readonly color?: string;
  readonly onSelect: () => void;
}

/** A menu in the menu. */
export interface MenuBranch {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly disabled?: boolean;
  readonly entries: readonly MenuEntry[];
}

/** A line of small type over what follows. */
export interface MenuHeading {
  readonly heading: string;
}

/** A line of a menu. */
export type MenuEntry = MenuAction | MenuBranch | MenuHeading | "separator";

/** The parts of Radix that both kinds of menu have. */
type Parts = typeof ContextMenu | typeof DropdownMenu;

interface EntriesProps {
  readonly parts: Parts;
  readonly entries: readonly MenuEntry[];
}

/** The entries of a menu, drawn with the parts of its kind. */
export function MenuEntries({ parts, entries }: EntriesProps) {
  const marked = entries.some(hasMark);
  return entries.map((entry, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the entries of an open menu keep their places
    <Entry key={place} parts={parts} entry={entry} marked={marked} />
  ));
}

/** Whether an entry has something before its label; where none has, no room is left for it. */
function hasMark(entry: MenuEntry): boolean {
  if (entry === "separator" || "heading" in entry) return false;
  if ("entries" in entry) return entry.icon !== undefined;
  return entry.icon !== undefined || entry.checked !== undefined || entry.color !== undefined;
}

interface EntryProps {
  readonly parts: Parts;
  readonly entry: MenuEntry;
  readonly marked: boolean;
}

function Entry({ parts, entry, marked }: EntryProps) {
  if (entry === "separator") return <parts.Separator className={styles.separator} />;
  if ("heading" in entry) return <parts.Label className={styles.heading}>{entry.heading}</parts.Label>;
  if ("entries" in entry) return <Branch parts={parts} branch={entry} marked={marked} />;
  return <Action parts={parts} action={entry} marked={marked} />;
}

interface ActionProps {
  readonly parts: Parts;
  readonly action: MenuAction;
  readonly marked: boolean;
}

function Action({ parts, action, marked }: ActionProps) {
  const shared = {
    className: classNames(styles.entry, action.danger && styles.danger),
    disabled: action.disabled ?? false,
    onSelect: action.onSelect,
  };
  const Icon = action.icon;
  const content = (
    <>
      {marked && (
        <span className={styles.mark}>
          {action.checked && <Check size={16} aria-hidden />}
          {Icon && action.checked === undefined && <Icon size={16} strokeWidth={1.75} aria-hidden />}
          {action.color && <span className={styles.color} style={{ background: action.color }} />}
        </span>
      )}
      <span className={styles.label}>{action.label}</span>
      {action.keys && <Keys keys={action.keys} />}
    </>
  );
  if (action.checked === undefined) return <parts.Item {...shared}>{content}</parts.Item>;
  return (
    <parts.CheckboxItem {...shared} checked={action.checked}>
      {content}
    </parts.CheckboxItem>
  );
}

interface BranchProps {
  readonly parts: Parts;
  readonly branch: MenuBranch;
  readonly marked: boolean;
}

function Branch({ parts, branch, marked }: BranchProps) {
  const Icon = branch.icon;
  return (
    <parts.Sub>
      <parts.SubTrigger className={styles.entry} disabled={branch.disabled ?? false}>
        {marked && (
          <span className={styles.mark}>{Icon && <Icon size={16} strokeWidth={1.75} aria-hidden />}</span>
        )}
        <span className={styles.label}>{branch.label}</span>
        <ChevronRight size={16} aria-hidden />
      </parts.SubTrigger>
      <parts.Portal>
        <section aria-label={branch.label}>
          <parts.SubContent
            className={classNames(surface.opening, styles.menu)}
            sideOffset={4}
            collisionPadding={8}
          >
            <MenuEntries parts={parts} entries={branch.entries} />
          </parts.SubContent>
        </section>
      </parts.Portal>
    </parts.Sub>
  );
}
