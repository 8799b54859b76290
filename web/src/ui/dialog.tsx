/** A window over everything else, which keeps the focus until it is closed. */

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useText } from "@/i18n/language";
import { classNames } from "./class-names";
import styles from "./dialog.module.css";
import { useFocusReturn } from "./focus-return";
import { IconButton } from "./icon-button";
import surface from "./surface.module.css";

const FIELD = "input:not([type=hidden]), textarea";

/** What a dialog is made of. */
export interface DialogProps {
  readonly title: string;
  /** One sentence under the title. */
  readonly description?: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** 420, 640, 960 px wide, or almost the whole window. On phones all fill the width. */
  readonly size?: "small" | "medium" | "large" | "full";
  /** Buttons at the bottom; the main one last. */
  readonly footer?: ReactNode;
  /** `alertdialog` for a question that must be answered. */
  readonly role?: "dialog" | "alertdialog";
  readonly children?: ReactNode;
}

/** Give the focus to the first field; with fingers to the window itself, so that no keyboard comes up unasked. */
function focusFirst(event: Event): void {
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement) || content.querySelector("[autofocus]")) return;
  event.preventDefault();
  const field = matchMedia("(pointer: coarse)").matches ? null : content.querySelector<HTMLElement>(FIELD);
  (field ?? content).focus();
}

/** A dialog with a title and a button to close it; Escape and a press outside close it too. */
export function Dialog(props: DialogProps) {
  return (
    <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={surface.shade} />
        <DialogWindow {...props} />
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Mounted while the dialog is open, so that it knows what had the focus before. */
function DialogWindow(props: DialogProps) {
  const { title, description, size = "medium", footer, role = "dialog", children } = props;
  const text = useText();
  const giveBack = useFocusReturn();
  return (
    <Radix.Content
      role={role}
      onOpenAutoFocus={focusFirst}
      onCloseAutoFocus={giveBack}
      className={classNames(surface.window, styles.dialog, styles[size])}
      {...(!description && { "aria-describedby": undefined })}
    >
      <header className={styles.header}>
        <Radix.Title className={styles.title}>{title}</Radix.Title>
        {role === "dialog" && (
          <Radix.Close asChild>
            <IconButton label={text("common.close")} icon={X} />
          </Radix.Close>
        )}
      </header>
      {description && <Radix.Description className={styles.text}>{description}</Radix.Description>}
      {children && <div className={styles.body}>{children}</div>}
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </Radix.Content>
  );
}
