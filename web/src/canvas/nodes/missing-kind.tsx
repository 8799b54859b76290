/** Says on a node that the server does not know its kind. */

import { useText } from "@/i18n/language";
import type { NodeItem } from "../scene";
import styles from "./node-view.module.css";

/** A line at the lower edge of a node whose kind is missing: what it is called, and that nothing is lost. */
export function MissingKind({ item }: { readonly item: NodeItem }) {
  const text = useText();
  return (
    <p className={styles.missing} title={text("canvas.missingHint")}>
      {text("canvas.missingKind", { kind: item.record.raw.type })}
    </p>
  );
}
