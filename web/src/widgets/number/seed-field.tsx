/** A seed: the number, a die for a new one, and what happens to it after each run. */

import { ArrowDown, ArrowUp, Dices, Lock, type LucideIcon, Repeat, Shuffle } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import type { WidgetSlot } from "@/catalogue/slots";
import type { Json } from "@/document/records";
import { type TextKey, useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import type { FieldSize } from "../field";
import type { WidgetBinding } from "../widget-binding";
import { randomSeed } from "./seed";
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
}

/** Sets what happens to a value after each run: stays, goes up or down by one, or is drawn anew. */
export function AfterRun({ label, binding, value, size, list }: AfterRunProps) {
  const text = useText();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const { icon: Icon, label: key } = CONTROLS[String(value)] ?? { icon: Lock, label: "widgets.controlFixed" };
  const title = text("widgets.afterRun", { name: label, what: text(key) });
  const nameOf = (control: string) => text(CONTROLS[control]?.label ?? "widgets.controlFixed");
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
        <Suspense fallback={null}>
          <ChoiceList
            anchor={button.current}
            label={title}
            choices={Object.keys(CONTROLS).filter((one) => list || one !== LIST_ONLY)}
            value={String(value)}
            nameOf={nameOf}
            onPick={(control) => {
              binding.set(control);
              setOpen(false);
            }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
