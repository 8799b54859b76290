/** One of a few choices. */

import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { useId } from "react";
import { classNames } from "./class-names";
import styles from "./field.module.css";
import surface from "./surface.module.css";

interface SelectProps<Value extends string> {
  readonly label: string;
  /** Leave the label to screen readers. */
  readonly hideLabel?: boolean;
  readonly value: Value;
  /** No value may be the empty string. */
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

/** A field that opens a list of choices; for long lists use one with search. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, hideLabel, value, options, onChange, disabled = false, className } = props;
  const id = useId();
  return (
    <div className={classNames(styles.field, className)}>
      <span id={id} className={hideLabel ? "sr-only" : styles.label}>
        {label}
      </span>
      <Radix.Root value={value} onValueChange={(next) => onChange(next as Value)} disabled={disabled}>
        <Radix.Trigger className={classNames(styles.frame, styles.select)} aria-labelledby={id}>
          <Radix.Value />
          <Radix.Icon>
            <ChevronDown size={16} aria-hidden />
          </Radix.Icon>
        </Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            className={classNames(surface.floating, styles.list)}
            position="popper"
            sideOffset={4}
            collisionPadding={8}
          >
            <Radix.Viewport className={styles.viewport}>
              {options.map((option) => (
                <Radix.Item key={option.value} value={option.value} className={styles.option}>
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  <Radix.ItemIndicator>
                    <Check size={16} aria-hidden />
                  </Radix.ItemIndicator>
                </Radix.Item>
              ))}
            </Radix.Viewport>
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </div>
  );
}
