/** Something that is on or off. */

import type { WidgetSlot } from "@/catalogue/slots";
import type { Json } from "@/document/records";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import type { ControlProps } from "../field";
import type { WidgetBinding } from "../widget-binding";
import styles from "./toggle-field.module.css";

interface ToggleFieldProps extends ControlProps {
  readonly binding: WidgetBinding;
  readonly value: Json;
  readonly slot: WidgetSlot;
}

/** The control of a BOOLEAN widget; its options may name the two states (`label_on`, `label_off`). */
export function ToggleField({ binding, value, slot, labelId, size }: ToggleFieldProps) {
  const text = useText();
  const on = value === true || value === "true";
  const named = slot.input?.options[on ? "label_on" : "label_off"];
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-labelledby={labelId}
      className={classNames(styles.toggle, "nodrag nopan", size === "sheet" && styles.large)}
      onClick={() => binding.set(!on)}
    >
      <span className={styles.state}>
        {typeof named === "string" && named !== "" ? named : text(on ? "widgets.on" : "widgets.off")}
      </span>
      <span className={styles.track} aria-hidden />
    </button>
  );
}
