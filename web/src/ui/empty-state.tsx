/** What stands where there is nothing yet. */

import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./empty-state.module.css";

interface EmptyStateProps {
  readonly icon: LucideIcon;
  /** What would be here. */
  readonly title: string;
  /** How it gets here. */
  readonly text?: string;
  /** A button that does it. */
  readonly action?: ReactNode;
}

/** An icon, a line and a way on, in the middle of an empty place. */
export function EmptyState({ icon: Icon, title, text, action }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <span className={styles.icon}>
        <Icon size={24} strokeWidth={1.5} aria-hidden />
      </span>
      <p className={styles.title}>{title}</p>
      {text && <p className={styles.text}>{text}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
