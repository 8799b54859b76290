/** A button that is only an icon. */

import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";
import styles from "./icon-button.module.css";
import { Tooltip } from "./tooltip";

/** What sets a button with an icon apart, besides what every `<button>` takes. */
export interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** Its name for screen readers and in the tooltip. */
  readonly label: string;
  readonly icon: LucideIcon;
  /** Whether it is held down, for a button that switches something; left out for others. */
  readonly pressed?: boolean;
  /** Keys that do the same, such as `mod+z`; shown in the tooltip. */
  readonly keys?: string | undefined;
  readonly size?: "small" | "medium" | "large";
  /** Where the tooltip comes up. */
  readonly side?: "top" | "right" | "bottom" | "left";
  /** A small number at its corner; nothing is drawn for 0. */
  readonly count?: number;
}

const ICON_SIZE = { small: 15, medium: 18, large: 20 } as const;

/** A square button with an icon, an accessible name and a tooltip. */
export function IconButton(props: IconButtonProps) {
  const { label, icon: Icon, pressed, keys, size = "medium", side, count = 0, className, ...rest } = props;
  return (
    <Tooltip text={label} keys={keys} {...(side && { side })}>
      <button
        type="button"
        aria-label={count > 0 ? `${label} (${count})` : label}
        aria-pressed={pressed}
        {...rest}
        className={classNames(styles.button, styles[size], className)}
      >
        <Icon size={ICON_SIZE[size]} strokeWidth={1.75} aria-hidden />
        {count > 0 && (
          <span className={styles.count} aria-hidden>
            {count > 99 ? "99+" : count}
          </span>
        )}
      </button>
    </Tooltip>
  );
}
