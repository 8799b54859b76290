/** A socket in small. */

import { socketColor } from "@/catalogue/socket-types";
import styles from "./node-palette.module.css";

/** A dot in the colour of a type; a ring where there is none. Decoration. */
export function Dot({ type }: { readonly type: string | null }) {
  return (
    <span
      className={styles.dot}
      style={type === null ? undefined : { background: socketColor(type) }}
      aria-hidden
    />
  );
}
