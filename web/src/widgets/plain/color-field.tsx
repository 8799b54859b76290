/** A colour: the browser's own picker, and the digits. */

import { useState } from "react";
import type { Json } from "@/document/records";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import type { ControlProps } from "../field";
import type { WidgetBinding } from "../widget-binding";
import styles from "./color-field.module.css";
import { hexOf, hexOfNumber, numberOfHex } from "./color-text";

interface ColorFieldProps extends ControlProps {
  readonly binding: WidgetBinding;
  readonly value: Json;
}

/** The control of a COLOR widget, and of an INT widget that is shown as a colour. */
export function ColorField({ binding, value, label, labelId, size, problem }: ColorFieldProps) {
  const text = useText();
  const [typed, setTyped] = useState<string | null>(null);
  const hex = typeof value === "number" ? hexOfNumber(value) : (hexOf(String(value ?? "")) ?? "#000000");
  const kept = (color: string): Json => (typeof value === "number" ? numberOfHex(color) : color);
  const wrong = typed !== null && hexOf(typed) === undefined;
  const finish = () => {
    const color = typed === null ? undefined : hexOf(typed);
    if (color) binding.set(kept(color));
    setTyped(null);
  };
  return (
    <span className={classNames(styles.color, "nodrag nopan", size === "sheet" && styles.large)}>
      <input
        type="text"
        className={styles.digits}
        value={typed ?? hex}
        spellCheck={false}
        autoComplete="off"
        aria-labelledby={labelId}
        aria-invalid={wrong || problem ? true : undefined}
        title={wrong ? text("widgets.noColor") : undefined}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={finish}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter") finish();
          if (event.key === "Escape") setTyped(null);
        }}
      />
      <input
        type="color"
        className={styles.picker}
        value={hex}
        aria-label={text("widgets.pickColor", { name: label })}
        onChange={({ currentTarget }) => binding.type(kept(currentTarget.value))}
        onBlur={binding.settle}
      />
    </span>
  );
}
