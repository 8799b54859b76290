/** A number: drag it sideways, step it, or type it. */

import { type CSSProperties, type KeyboardEvent, useRef, useState } from "react";
import type { Json } from "@/document/records";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import type { NumberRule } from "@/values/number-rule";
import type { ControlProps } from "../field";
import type { WidgetBinding } from "../widget-binding";
import styles from "./number-field.module.css";
import { NumberInput } from "./number-input";
import { useScrub } from "./scrub";
import { useWheelSteps } from "./wheel-steps";

interface NumberFieldProps extends ControlProps {
  readonly binding: WidgetBinding;
  readonly value: Json;
  readonly rule: NumberRule;
  /** Drawn as a bar that is filled up to the value; dragging goes through the whole range. */
  readonly slider: boolean;
}

/** What a key does: it steps the number, sets it, or begins to type it, with a first digit or with all of it. */
type Meaning = { readonly steps: number } | { readonly value: Json } | { readonly typed: string | null };

const STEPS: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };
const PAGES: Readonly<Record<string, number>> = { PageUp: 10, PageDown: -10 };

/** Return what a key does to a number, or undefined where it is not for it. */
function meaningOf(event: KeyboardEvent, rule: NumberRule): Meaning | undefined {
  const { key, shiftKey, altKey } = event;
  if (event.ctrlKey || event.metaKey) return undefined;
  const steps = STEPS[key];
  if (steps !== undefined) return { steps: steps * (shiftKey ? 10 : altKey ? 0.1 : 1) };
  const page = PAGES[key];
  if (page !== undefined) return { steps: page };
  const end = key === "Home" ? rule.at(0) : key === "End" ? rule.at(1) : undefined;
  if (end !== undefined) return { value: end };
  if (key === "Enter") return { typed: null };
  return /^[-\d.(]$/.test(key) ? { typed: key } : undefined;
}

/** The control of an INT or FLOAT widget. */
export function NumberField(props: NumberFieldProps) {
  const { binding, value, rule, slider, label, labelId, size, problem } = props;
  const text = useText();
  const spin = useRef<HTMLSpanElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const step = (steps: number) => binding.type(rule.move(binding.get(), steps));
  const scrub = useScrub(binding, rule, slider, () => setTyped(rule.show(binding.get())));
  const wheel = useWheelSteps(step);

  const close = (refocus: boolean) => {
    setTyped(null);
    if (!refocus) return;
    requestAnimationFrame(() => {
      // What was pressed meanwhile keeps the focus.
      if (document.activeElement === document.body) spin.current?.focus();
    });
  };
  const keys = (event: KeyboardEvent) => {
    const meant = meaningOf(event, rule);
    if (!meant) return;
    event.preventDefault();
    event.stopPropagation();
    if ("steps" in meant) step(meant.steps);
    else if ("value" in meant) binding.type(meant.value);
    else setTyped(meant.typed ?? rule.show(value));
  };
  if (typed !== null) {
    return <NumberInput {...{ label, size, binding, rule }} first={typed} onClose={close} />;
  }
  const share = slider ? rule.share(value) : undefined;
  return (
    <span className={classNames(styles.number, "nodrag nopan", size === "sheet" && styles.large)}>
      <Step sign={-1} label={text("widgets.less", { name: label })} onStep={step} onDone={binding.settle} />
      <span
        ref={spin}
        role="spinbutton"
        tabIndex={0}
        className={styles.value}
        style={share === undefined ? undefined : shareStyle(share)}
        data-slider={share === undefined ? undefined : ""}
        aria-labelledby={labelId}
        aria-valuenow={Number(rule.show(value))}
        aria-valuetext={rule.show(value)}
        aria-valuemin={rule.min}
        aria-valuemax={rule.max}
        aria-invalid={problem ? true : undefined}
        onKeyDown={keys}
        onFocus={({ currentTarget }) => wheel.begin(currentTarget)}
        onBlur={({ currentTarget }) => {
          wheel.end(currentTarget);
          binding.settle();
        }}
        {...scrub}
      >
        {rule.show(value)}
      </span>
      <Step sign={1} label={text("widgets.more", { name: label })} onStep={step} onDone={binding.settle} />
    </span>
  );
}

const shareStyle = (share: number) => ({ "--share": `${share * 100}%` }) as CSSProperties;

interface StepProps {
  readonly sign: 1 | -1;
  readonly label: string;
  readonly onStep: (steps: number) => void;
  readonly onDone: () => void;
}

/** An arrow beside the number. It is no stop of the Tab key: the arrow keys do the same on the number. */
function Step({ sign, label, onStep, onDone }: StepProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles.step}
      aria-label={label}
      onClick={({ shiftKey, altKey }) => onStep(sign * (shiftKey ? 10 : altKey ? 0.1 : 1))}
      onPointerLeave={onDone}
    >
      {sign < 0 ? "‹" : "›"}
    </button>
  );
}
