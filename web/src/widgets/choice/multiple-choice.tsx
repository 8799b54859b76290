/** A choice of several entries. */

import { useRef, useState } from "react";
import type { WidgetSlot } from "@/catalogue/slots";
import type { Json } from "@/document/records";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import type { ControlProps } from "../field";
import { Popup } from "../popup";
import type { WidgetBinding } from "../widget-binding";
import { written } from "./choice-field";
import styles from "./choice-field.module.css";
import list from "./multiple-choice.module.css";

interface MultipleChoiceProps extends ControlProps {
  readonly binding: WidgetBinding;
  readonly value: Json;
  readonly slot: WidgetSlot;
}

/** A button that shows what is chosen, and opens a list with a box to tick for each entry. */
export function MultipleChoice({ binding, value, slot, label, labelId, size, problem }: MultipleChoiceProps) {
  const text = useText();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const chosen: readonly Json[] = Array.isArray(value) ? value : [];
  const choices = slot.input?.choices ?? [];
  const all = [...choices, ...chosen.filter((one) => !choices.includes(one))];
  const toggle = (choice: Json) =>
    binding.set(all.filter((one) => (one === choice ? !chosen.includes(one) : chosen.includes(one))));
  return (
    <>
      <button
        ref={button}
        type="button"
        className={classNames(styles.choice, "nodrag nopan", size === "sheet" && styles.large)}
        aria-labelledby={`${labelId} ${labelId}-value`}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-invalid={problem ? true : undefined}
        onClick={() => setOpen(true)}
      >
        <span id={`${labelId}-value`} className={styles.value}>
          {chosen.map(written).join(", ") || text("widgets.nothingChosen")}
        </span>
      </button>
      {open && button.current && (
        <Popup anchor={button.current} label={label} onClose={() => setOpen(false)}>
          <fieldset className={list.list}>
            <legend className="sr-only">{label}</legend>
            {all.map((choice) => (
              <label key={written(choice)} className={list.entry}>
                <input type="checkbox" checked={chosen.includes(choice)} onChange={() => toggle(choice)} />
                {written(choice)}
              </label>
            ))}
          </fieldset>
        </Popup>
      )}
    </>
  );
}
