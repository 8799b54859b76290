/** A turning circle: something is under way and nobody knows for how long. */

import styles from "./spinner.module.css";

/** A circle of `size` px; `label` says what is under way where no words stand beside it. */
export function Spinner({ size = 20, label }: { readonly size?: number; readonly label?: string }) {
  return (
    <span className={styles.spinner} style={{ width: size, height: size }} role="status">
      {label && <span className="sr-only">{label}</span>}
    </span>
  );
}
