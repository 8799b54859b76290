/** A line to write in. */

import type { LucideIcon } from "lucide-react";
import { type ComponentProps, useId } from "react";
import { classNames } from "./class-names";
import styles from "./field.module.css";

/** What sets a field apart, besides what every `<input>` takes. */
export interface TextFieldProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  readonly label: string;
  /** Leave the label to screen readers. */
  readonly hideLabel?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** One sentence under the field. */
  readonly hint?: string;
  /** What is wrong with the value; null while nothing is. */
  readonly error?: string | null;
  /** Shown inside, at the left. */
  readonly icon?: LucideIcon;
}

/** A field with its label, a hint and what is wrong; other properties go to the input. */
export function TextField(props: TextFieldProps) {
  const { label, hideLabel, value, onChange, hint, error = null, icon: Icon, className, ...rest } = props;
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={classNames(styles.field, className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : styles.label}>
        {label}
      </label>
      <div className={styles.frame} data-invalid={error !== null || undefined}>
        {Icon && <Icon size={16} className={styles.icon} aria-hidden />}
        <input
          id={id}
          autoComplete="off"
          spellCheck={false}
          {...rest}
          className={styles.input}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          aria-invalid={error !== null || undefined}
          aria-describedby={note ? `${id}-note` : undefined}
        />
      </div>
      {note && (
        <p id={`${id}-note`} className={error === null ? styles.hint : styles.error}>
          {note}
        </p>
      )}
    </div>
  );
}
