/** A menu at a point of the window. */

import { DropdownMenu } from "radix-ui";
import type { Point } from "@/document/records";
import { classNames } from "@/ui/class-names";
import type { MenuEntry } from "@/ui/menu";
import menu from "@/ui/menu.module.css";
import { MenuEntries } from "@/ui/menu-entries";
import surface from "@/ui/surface.module.css";

interface PointMenuProps {
  readonly at: Point;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly onClose: () => void;
}

/** Open until something is chosen, or it is left. */
export function PointMenu({ at, label, entries, onClose }: PointMenuProps) {
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span
          aria-hidden
          style={{ position: "fixed", left: at[0], top: at[1], width: 1, height: 1, pointerEvents: "none" }}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={classNames(surface.opening, menu.menu)}
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={8}
        >
          <MenuEntries parts={DropdownMenu} entries={entries} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
