/** A seed: the number, a die for a new one, and what happens to it after each run. */

import { ArrowDown, ArrowUp, Dices, Lock, type LucideIcon, Repeat, Shuffle } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import type { WidgetSlot } from "@/catalogue/slots";
import { exactInteger } from "@/document/exact-json";
import type { Json } from "@/document/records";
import { type TextKey, useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import { randomSeed } from "@/values/seed";
import type { FieldSize } from "../field";
import type { WidgetBinding } from "../widget-binding";
import styles from "./seed-field.module.css";

const ChoiceList = lazy(() => import("../choice/choice-list"));

interface Control {
  readonly icon: LucideIcon;
  readonly label: TextKey;
}

const CONTROLS: Readonly<Record<string, Control>> = {
  fixed: { icon: Lock, label: "widgets.controlFixed" },
  increment: { icon: ArrowUp, label: "widgets.controlIncrement" },
  decrement: { icon: ArrowDown, label: "widgets.controlDecrement" },
  randomize: { icon: Shuffle, label: "widgets.controlRandomize" },
  "increment-wrap": { icon: Repeat, label: "widgets.controlWrap" },
};

/** Settings that only lists have. */
const LIST_ONLY = "increment-wrap";

interface DiceProps {
  readonly label: string;
  readonly slot: WidgetSlot;
  readonly binding: WidgetBinding;
  readonly size: FieldSize;
}

/** Draws a new seed. */
export function Dice({ label, slot, binding, size }: DiceProps) {
  const text = useText();
  const title = text("widgets.newSeed", { name: label });
  return (
    <button
      type="button"
      className={classNames(styles.button, "nodrag nopan", size === "sheet" && styles.large)}
      aria-label={title}
      title={title}
      onClick={() => binding.set(randomSeed(slot.input?.options ?? {}))}
    >
      <Dices size={14} aria-hidden />
    </button>
  );
}

interface AfterRunProps {
  readonly label: string;
  readonly binding: WidgetBinding;
  readonly value: Json;
  readonly size: FieldSize;
  /** The value comes from a list, which can begin again at its end. */
  readonly list: boolean;
  /** Return the value that the last run had, where there was one. */
  readonly last: () => Json | undefined;
  /** Take that value again, and keep it. */
  readonly onUseLast: (used: Json) => void;
}

/** Sets what happens to a value after each run: stays, goes up or down by one, or is drawn anew. */
export function AfterRun(props: AfterRunProps) {
  const { label, value, size } = props;
  const text = useText();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const { icon: Icon, label: key } = CONTROLS[String(value)] ?? { icon: Lock, label: "widgets.controlFixed" };
  const title = text("widgets.afterRun", { name: label, what: text(key) });
  return (
    <>
      <button
        ref={button}
        type="button"
        className={classNames(styles.button, "nodrag nopan", size === "sheet" && styles.large)}
        aria-label={title}
        title={title}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <Icon size={14} aria-hidden />
      </button>
      {open && button.current && (
        <ControlList {...props} title={title} anchor={button.current} onClose={() => setOpen(false)} />
      )}
    </>
  );
}

/** The entry that takes the value of the last run. */
const LAST = "last";

interface ControlListProps extends AfterRunProps {
  readonly title: string;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
}

function ControlList({ title, anchor, binding, value, list, last, onUseLast, onClose }: ControlListProps) {
  const text = useText();
  const used = last();
  const shown = used === undefined ? "" : wholeOrText(used);
  const choices = Object.keys(CONTROLS).filter((one) => list || one !== LIST_ONLY);
  const pick = (control: string) => {
    onClose();
    if (control !== LAST) binding.set(control);
    else if (used !== undefined) onUseLast(used);
  };
  const nameOf = (control: string) =>
    control === LAST
      ? text("widgets.useLast", { value: shown })
      : text(CONTROLS[control]?.label ?? "widgets.controlFixed");
  return (
    <Suspense fallback={null}>
      <ChoiceList
        anchor={anchor}
        label={title}
        choices={used === undefined ? choices : [...choices, LAST]}
        value={String(value)}
        nameOf={nameOf}
        onPick={pick}
        onClose={onClose}
      />
    </Suspense>
  );
}

const wholeOrText = (value: Json): string => exactInteger(value)?.toString() ?? String(value);
