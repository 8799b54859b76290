/** A number that is drawn out between two ends. */

import { Slider as Radix } from "radix-ui";
import { classNames } from "./class-names";
import styles from "./slider.module.css";

interface SliderProps {
  /** Its name for screen readers. */
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** Called with each value on the way. */
  readonly onChange: (value: number) => void;
  /** Called once at the end, for what is costly or enters the history. */
  readonly onCommit?: (value: number) => void;
  readonly disabled?: boolean;
  /** The value in words, such as "50 %". */
  readonly valueText?: string;
  readonly className?: string | undefined;
}

/** A slider over the width of its place; arrow keys go by `step`, Page Up and Down by ten of them. */
export function Slider(props: SliderProps) {
  const { label, value, min, max, step = 1, onChange, onCommit, disabled = false } = props;
  return (
    <Radix.Root
      className={classNames(styles.slider, props.className)}
      value={[value]}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      onValueCommit={([next]) => next !== undefined && onCommit?.(next)}
    >
      <Radix.Track className={styles.track}>
        <Radix.Range className={styles.range} />
      </Radix.Track>
      <Radix.Thumb className={styles.thumb} aria-label={label} aria-valuetext={props.valueText} />
    </Radix.Root>
  );
}
