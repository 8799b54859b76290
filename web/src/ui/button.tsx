/** A button with words. */

import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import styles from "./button.module.css";
import { classNames } from "./class-names";
import { Spinner } from "./spinner";

/** What sets a button apart, besides what every `<button>` takes. */
export interface ButtonProps extends ComponentProps<"button"> {
  /** `primary`: the one thing to do here; `quiet`: without a frame; `danger`: it takes something away. */
  readonly kind?: "primary" | "plain" | "quiet" | "danger";
  readonly size?: "small" | "medium";
  readonly icon?: LucideIcon;
  /** It is at work: shows that, and cannot be pressed again. */
  readonly busy?: boolean;
}

/** A button with words, of type `button` unless told otherwise. */
export function Button(props: ButtonProps) {
  const {
    kind = "plain",
    size = "medium",
    icon: Icon,
    busy = false,
    className,
    children,
    disabled,
    ...rest
  } = props;
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={classNames(styles.button, styles[kind], size === "small" && styles.small, className)}
    >
      {busy ? <Spinner size={16} /> : Icon && <Icon size={16} aria-hidden />}
      {children}
    </button>
  );
}
