/** A value that comes in through a wire. */

import { ArrowLeft } from "lucide-react";
import { useText } from "@/i18n/language";
import styles from "./linked-field.module.css";

/** Shows where a value comes from in place of the control. */
export function LinkedField({ source }: { readonly source: string }) {
  const text = useText();
  return (
    <span className={styles.linked} title={text("widgets.linked", { name: source })}>
      <ArrowLeft size={12} aria-hidden />
      <span className="sr-only">{text("widgets.linked", { name: "" })}</span>
      <span className={styles.source}>{source}</span>
    </span>
  );
}
