/** What comes up beside a control when it is opened: a list, a palette of colours. */

import { Popover } from "radix-ui";
import type { ReactNode, SyntheticEvent } from "react";
import { classNames } from "@/ui/class-names";
import surface from "@/ui/surface.module.css";
import styles from "./popup.module.css";

interface PopupProps {
  /** The control that it belongs to; it takes the focus back. */
  readonly anchor: HTMLElement;
  /** Its name for screen readers. */
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** React hands events of a popup on to the node that its control lies in, which must not take them for its own. */
const keep = (event: SyntheticEvent) => event.stopPropagation();

/** An open popup; take it away to close it. */
export function Popup({ anchor, label, onClose, children }: PopupProps) {
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={{ current: anchor }} />
      <Popover.Portal>
        <Popover.Content
          className={classNames(surface.opening, styles.popup)}
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            anchor.focus();
          }}
          onKeyDown={keep}
          onPointerDown={keep}
          onClick={keep}
          onDoubleClick={keep}
          onContextMenu={keep}
          onWheel={keep}
          onPaste={keep}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
