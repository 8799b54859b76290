/** How far something is. */

import { Progress } from "radix-ui";
import { classNames } from "./class-names";
import styles from "./progress-bar.module.css";

interface ProgressBarProps {
  /** What is under way, for screen readers. */
  readonly label: string;
  /** From 0 to 1; null while nobody knows. */
  readonly value: number | null;
  readonly tone?: "accent" | "success" | "danger";
  readonly className?: string | undefined;
}

/** A bar of 4 px height and the width of its place. */
export function ProgressBar({ label, value, tone = "accent", className }: ProgressBarProps) {
  const share = value === null ? null : Math.min(1, Math.max(0, value));
  return (
    <Progress.Root
      value={share === null ? null : Math.round(share * 100)}
      aria-label={label}
      className={classNames(styles.bar, className)}
    >
      <Progress.Indicator
        className={classNames(styles.fill, styles[tone], share === null && styles.unknown)}
        style={share === null ? undefined : { transform: `scaleX(${share})` }}
      />
    </Progress.Root>
  );
}
