/** A choice: a button that shows the value and opens the list. */

import { lazy, Suspense, useRef, useState } from "react";
import type { InputDefinition } from "@/catalogue/definitions";
import type { WidgetSlot } from "@/catalogue/slots";
import type { Json } from "@/document/records";
import { loadCatalogue } from "@/editor/load-catalogue";
import { useText } from "@/i18n/language";
import { fileOfValue, viewUrl } from "@/server/uploads";
import { classNames } from "@/ui/class-names";
import type { ControlProps } from "../field";
import type { WidgetBinding } from "../widget-binding";
import styles from "./choice-field.module.css";
import { neighbour } from "./neighbour";
import { loadRemote, routeOf, useChoices } from "./remote-choices";

const ChoiceList = lazy(() => import("./choice-list"));

interface ChoiceFieldProps extends ControlProps {
  readonly binding: WidgetBinding;
  readonly value: Json;
  readonly slot: WidgetSlot;
}

/** Return how a value of a choice is written. */
export const written = (value: Json): string =>
  value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

const pictureOf = (choice: string): string => viewUrl(fileOfValue(choice), 128);

/** Lists of uploaded files name those of the `input` folder only: files in folders below and of other roots are right too. */
const listIsPartial = ({ options }: InputDefinition): boolean =>
  Object.keys(options).some((key) => key.endsWith("_upload"));

function isMissing(value: Json, choices: readonly Json[], input: InputDefinition | undefined): boolean {
  if (choices.includes(value)) return false;
  return !(input && listIsPartial(input) && /[/[]/.test(written(value)));
}

const refresh = (input: InputDefinition | undefined): Promise<void> =>
  input && routeOf(input) !== undefined ? loadRemote(input) : loadCatalogue();

/** The control of a COMBO widget. */
export function ChoiceField({ binding, value, slot, label, labelId, size, problem }: ChoiceFieldProps) {
  const text = useText();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const { input } = slot;
  const { choices, loaded } = useChoices(input);
  const shown = written(value);
  const missing = loaded && isMissing(value, choices, input);
  const show = () => {
    setOpen(true);
    if (!loaded && input) void loadRemote(input);
  };
  const pick = (choice: string) => {
    binding.set(choices.find((one) => written(one) === choice) ?? choice);
    setOpen(false);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={classNames(styles.choice, "nodrag nopan", size === "sheet" && styles.large)}
        data-missing={missing || undefined}
        title={missing ? text("widgets.notThere", { name: shown }) : shown}
        aria-labelledby={`${labelId} ${labelId}-value`}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-invalid={missing || problem ? true : undefined}
        onClick={show}
        onKeyDown={(event) => {
          const next = neighbour(choices, value, event);
          if (next === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          binding.type(next);
        }}
        onBlur={binding.settle}
      >
        <span id={`${labelId}-value`} className={styles.value}>
          {shown || text("widgets.nothingChosen")}
        </span>
      </button>
      {open && button.current && (
        <Suspense fallback={null}>
          <ChoiceList
            anchor={button.current}
            label={label}
            choices={choices.map(written)}
            value={shown}
            mustExist={loaded}
            pictureOf={slot.input?.options.image_upload === true ? pictureOf : undefined}
            onRefresh={() => refresh(input)}
            onPick={pick}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
