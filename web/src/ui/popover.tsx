/** A small window beside a button. */

import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names";
import styles from "./popover.module.css";
import surface from "./surface.module.css";

interface PopoverProps {
  /** Its name for screen readers. */
  readonly label: string;
  /** The button that opens it: one element that takes a ref. */
  readonly trigger: ReactNode;
  readonly side?: "top" | "right" | "bottom" | "left";
  readonly align?: "start" | "center" | "end";
  /** Whether it is open, where that is decided outside. */
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly children: ReactNode;
}

/** Anything beside a button; closes on Escape and on a press elsewhere. */
export function Popover(props: PopoverProps) {
  const { label, trigger, side = "bottom", align = "start", open, onOpenChange, children } = props;
  return (
    <Radix.Root {...(open !== undefined && { open })} {...(onOpenChange && { onOpenChange })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={classNames(surface.opening, styles.popover)}
          aria-label={label}
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
