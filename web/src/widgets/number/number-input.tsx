/** The field in which a number, or a sum, is typed. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import type { NumberRule } from "@/values/number-rule";
import type { FieldSize } from "../field";
import type { WidgetBinding } from "../widget-binding";
import styles from "./number-field.module.css";

interface NumberInputProps {
  readonly label: string;
  readonly size: FieldSize;
  readonly binding: WidgetBinding;
  readonly rule: NumberRule;
  /** What stands in it at first: the value, or the first digit that was typed. */
  readonly first: string;
  /** Called when typing is over; `refocus`: the number takes the focus back. */
  readonly onClose: (refocus: boolean) => void;
}

/** Takes a number until Enter, Tab or a press elsewhere; Escape leaves the old one. */
export function NumberInput({ label, size, binding, rule, first, onClose }: NumberInputProps) {
  const text = useText();
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  const over = useRef(false);
  useEffect(() => {
    const input = field.current;
    input?.focus();
    if (input && input.value === rule.show(binding.get())) input.select();
  }, [binding, rule]);

  const finish = (keep: boolean, refocus: boolean) => {
    if (over.current) return;
    if (keep) {
      try {
        binding.set(rule.read(field.current?.value ?? ""));
      } catch {
        setWrong(true);
        if (refocus) return;
      }
    }
    over.current = true;
    onClose(refocus);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) finish(true, false);
    else event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") finish(true, true);
    if (event.key === "Escape") finish(false, true);
  };
  return (
    <input
      ref={field}
      type="text"
      inputMode={size === "sheet" ? "decimal" : "text"}
      className={classNames(styles.input, "nodrag nopan", size === "sheet" && styles.large)}
      aria-label={label}
      aria-invalid={wrong || undefined}
      title={wrong ? text("widgets.noNumber") : undefined}
      autoComplete="off"
      spellCheck={false}
      defaultValue={first}
      onChange={() => setWrong(false)}
      onKeyDown={keys}
      onBlur={() => finish(true, false)}
    />
  );
}
