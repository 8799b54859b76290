/** Something that is on or off. */

import { Switch as Radix } from "radix-ui";
import { useId } from "react";
import { classNames } from "./class-names";
import styles from "./switch.module.css";

interface SwitchProps {
  readonly label: string;
  /** Leave the label to screen readers. */
  readonly hideLabel?: boolean;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

/** A switch with its label before it; a change has its effect at once. */
export function Switch({ label, hideLabel, checked, onChange, disabled = false, className }: SwitchProps) {
  const id = useId();
  return (
    <div className={classNames(styles.row, className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : styles.label}>
        {label}
      </label>
      <Radix.Root
        id={id}
        className={styles.switch}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
      >
        <Radix.Thumb className={styles.thumb} />
      </Radix.Root>
    </div>
  );
}
