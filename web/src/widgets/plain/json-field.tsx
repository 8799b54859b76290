/** A value without a control of its own, as JSON. */

import { useState } from "react";
import { parseExact, stringifyExact } from "@/document/exact-json";
import type { Json } from "@/document/records";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import type { ControlProps } from "../field";
import type { WidgetBinding } from "../widget-binding";
import styles from "./json-field.module.css";

interface JsonFieldProps extends ControlProps {
  readonly binding: WidgetBinding;
  readonly value: Json;
}

/** Return what was typed as JSON; undefined where it is none. */
function read(typed: string): Json | undefined {
  try {
    return parseExact(typed);
  } catch {
    return undefined;
  }
}

/** Shows any value as JSON, and takes any JSON. */
export function JsonField({ binding, value, label, labelId, size, problem }: JsonFieldProps) {
  const text = useText();
  const [typed, setTyped] = useState<string | null>(null);
  const onSheet = size === "sheet";
  const wrong = typed !== null && read(typed) === undefined;
  const finish = () => {
    const next = typed === null ? undefined : read(typed);
    if (next !== undefined && typed !== stringifyExact(binding.get())) binding.set(next);
    if (next !== undefined) setTyped(null);
  };
  return (
    <textarea
      rows={1}
      className={classNames(styles.json, "nodrag nopan", onSheet && styles.large)}
      value={typed ?? stringifyExact(value, onSheet ? 1 : undefined)}
      spellCheck={false}
      autoComplete="off"
      aria-labelledby={labelId}
      aria-invalid={wrong || problem ? true : undefined}
      title={wrong ? text("widgets.noJson", { name: label }) : undefined}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={finish}
      onPaste={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}
