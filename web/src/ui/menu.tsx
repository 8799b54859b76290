/** Menus: under a button, and where the right button (or a long press) was used. */

import { ContextMenu as RadixContext, DropdownMenu as RadixDropdown } from "radix-ui";
import {
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  type SyntheticEvent,
  useRef,
  useState,
} from "react";
import { useText } from "@/i18n/language";
import { classNames } from "./class-names";
import styles from "./menu.module.css";
import { MenuEntries, type MenuEntry } from "./menu-entries";
import surface from "./surface.module.css";

export type { MenuEntry } from "./menu-entries";

/** The entries, or a function that makes them each time the menu opens. */
export type Entries = readonly MenuEntry[] | (() => readonly MenuEntry[]);

const listed = (entries: Entries): readonly MenuEntry[] =>
  typeof entries === "function" ? entries() : entries;

/**
 * The finger that opened a menu may come up over it, and the click that browsers make of that touch lands there:
 * only a press that began in the menu chooses an entry. Clicks without a press come from the keyboard.
 */
function useOwnPress() {
  const own = useRef(false);
  const refuse = (event: SyntheticEvent) => {
    if (own.current) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    // A menu that is longer than the screen is scrolled with the keys, before an entry has the focus too.
    tabIndex: 0,
    onPointerDownCapture: () => {
      own.current = true;
    },
    onPointerUpCapture: (event: PointerEvent) => {
      if (event.pointerType === "touch") refuse(event);
    },
    onClickCapture: (event: MouseEvent) => {
      if (event.detail > 0) refuse(event);
    },
    onCloseAutoFocus: () => {
      own.current = false;
    },
  };
}

interface MenuProps {
  readonly entries: Entries;
  /** The button that opens it: one element that takes a ref. */
  readonly children: ReactNode;
  readonly side?: "top" | "right" | "bottom" | "left";
  readonly align?: "start" | "center" | "end";
  readonly onOpenChange?: (open: boolean) => void;
}

/** A menu that its child opens. */
export function Menu({ entries, children, side = "bottom", align = "start", onOpenChange }: MenuProps) {
  const text = useText();
  const ownPress = useOwnPress();
  return (
    <RadixDropdown.Root modal={false} {...(onOpenChange && { onOpenChange })}>
      <RadixDropdown.Trigger asChild>{children}</RadixDropdown.Trigger>
      <RadixDropdown.Portal>
        <section aria-label={text("common.menu")}>
          <RadixDropdown.Content
            className={classNames(surface.opening, styles.menu)}
            side={side}
            align={align}
            sideOffset={6}
            collisionPadding={8}
            {...ownPress}
          >
            <MenuEntries parts={RadixDropdown} entries={listed(entries)} />
          </RadixDropdown.Content>
        </section>
      </RadixDropdown.Portal>
    </RadixDropdown.Root>
  );
}

interface ContextMenuProps {
  readonly entries: Entries;
  /** The area that has the menu: one element that takes a ref. */
  readonly children: ReactNode;
  readonly disabled?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
}

/** A menu that comes up where its child was pressed with the right button, for long, or with the menu key. */
export function ContextMenu({ entries, children, disabled = false, onOpenChange }: ContextMenuProps) {
  const text = useText();
  const ownPress = useOwnPress();
  const [shown, setShown] = useState<readonly MenuEntry[]>([]);
  const change = (open: boolean) => {
    onOpenChange?.(open);
    if (open) setShown(listed(entries));
  };
  return (
    <RadixContext.Root modal={false} onOpenChange={change}>
      <RadixContext.Trigger asChild disabled={disabled}>
        {children}
      </RadixContext.Trigger>
      <RadixContext.Portal>
        <section aria-label={text("common.menu")}>
          <RadixContext.Content
            className={classNames(surface.opening, styles.menu)}
            collisionPadding={8}
            {...ownPress}
          >
            <MenuEntries parts={RadixContext} entries={shown} />
          </RadixContext.Content>
        </section>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}
