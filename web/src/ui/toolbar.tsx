/** Buttons that are one stop of the Tab key; arrow keys go between them. */

import { Toolbar as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";
import styles from "./toolbar.module.css";

interface ToolbarProps {
  readonly label: string;
  readonly vertical?: boolean;
  readonly className?: string | undefined;
  /** `ToolbarItem`s. */
  readonly children: ReactNode;
}

/** A row (or column) of buttons with a name for screen readers. */
export function Toolbar({ label, vertical = false, className, children }: ToolbarProps) {
  return (
    <Radix.Root
      aria-label={label}
      orientation={vertical ? "vertical" : "horizontal"}
      className={classNames(styles.toolbar, vertical && styles.vertical, className)}
    >
      {children}
    </Radix.Root>
  );
}

/** Makes its child, one button, part of the toolbar; the other properties go to the button. */
export function ToolbarItem({ children, ...rest }: ComponentProps<"button">) {
  return (
    <Radix.Button asChild {...rest}>
      {children}
    </Radix.Button>
  );
}
