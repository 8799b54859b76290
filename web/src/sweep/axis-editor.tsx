/** One axis of a sweep: which widget, and which values. */

import { ArrowLeftRight, X } from "lucide-react";
import { useId, useState } from "react";
import type { Json } from "@/document/records";
import type { OpenDocument } from "@/editor/session";
import type { Axis, AxisMode } from "@/editor/sweep-axes";
import { changeAxes } from "@/editor/sweep-axes";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Select } from "@/ui/select";
import { TextField } from "@/ui/text-field";
import styles from "./axis-editor.module.css";
import { modesOf, offeredChoices, type ResolvedAxis } from "./axis-values";

interface AxisEditorProps {
  readonly document: OpenDocument;
  readonly resolved: ResolvedAxis;
  /** Its place: 0 across, 1 down, 2 page. */
  readonly at: number;
  readonly last: number;
}

const PLACES = ["sweep.across", "sweep.down", "sweep.pages"] as const;

/** The widget's name, its values, and what is wrong with them. */
export function AxisEditor({ document, resolved, at, last }: AxisEditorProps) {
  const text = useText();
  const { axis, slot, name, values, problem } = resolved;
  const amend = (change: Partial<Axis>, merge = "") =>
    changeAxes(
      document,
      (axes) => axes.map((one, place) => (place === at ? { ...one, mode: axis.mode, ...change } : one)),
      merge,
    );
  const swap = () =>
    changeAxes(document, (axes) => axes.with(at, axes[at + 1] as Axis).with(at + 1, axes[at] as Axis));
  const modes = modesOf(slot);
  return (
    <section className={styles.axis} aria-label={name}>
      <header className={styles.head}>
        <div className={styles.names}>
          <span className={styles.place}>{text(PLACES[at] ?? "sweep.pages")}</span>
          <strong>{name}</strong>
        </div>
        {at < last && (
          <IconButton size="small" label={text("sweep.swap")} icon={ArrowLeftRight} onClick={swap} />
        )}
        <IconButton
          size="small"
          label={text("sweep.remove-axis", { name })}
          icon={X}
          onClick={() => changeAxes(document, (axes) => axes.filter((_, place) => place !== at))}
        />
      </header>
      {modes.length > 1 && (
        <Select
          label={text("sweep.mode")}
          hideLabel
          value={axis.mode}
          options={modes.map((mode) => ({ value: mode, label: text(`sweep.mode-${mode}`) }))}
          onChange={(mode: AxisMode) => amend({ mode })}
        />
      )}
      {slot && (
        <Values
          resolved={resolved}
          onChange={(change) => amend(change, `sweep:${axis.path}:${axis.widget}`)}
        />
      )}
      <p className={problem ? styles.problem : styles.count}>
        {problem ?? text("sweep.values", { count: values.length })}
      </p>
    </section>
  );
}

interface ValuesProps {
  readonly resolved: ResolvedAxis;
  readonly onChange: (change: Partial<Axis>) => void;
}

function Values({ resolved, onChange }: ValuesProps) {
  const text = useText();
  const { axis, name } = resolved;
  if (axis.mode === "choices") return <Choices resolved={resolved} onChange={onChange} />;
  if (axis.mode === "list") {
    return (
      <TextField
        label={text("sweep.values-of", { name })}
        hideLabel
        placeholder="1, 2, 5 · 1..8 · 0.5..1 step 0.1"
        value={axis.text}
        onChange={(next) => onChange({ text: next })}
      />
    );
  }
  return (
    <textarea
      className={styles.texts}
      aria-label={text("sweep.values-of", { name })}
      placeholder={text(`sweep.hint-${axis.mode}`)}
      rows={4}
      value={axis.text}
      onChange={({ currentTarget }) => onChange({ text: currentTarget.value })}
    />
  );
}

/** So many choices are listed without a search. */
const FEW = 10;

/** Choices to tick. */
function Choices({ resolved, onChange }: ValuesProps) {
  const text = useText();
  const id = useId();
  const [query, setQuery] = useState("");
  const { axis, slot, name } = resolved;
  const offered = offeredChoices(slot);
  const found = offered.filter((one) => String(one).toLowerCase().includes(query.toLowerCase()));
  const toggle = (choice: Json) => {
    const ticked = axis.choices.includes(choice)
      ? axis.choices.filter((one) => one !== choice)
      : offered.filter((one) => one === choice || axis.choices.includes(one));
    onChange({ choices: ticked });
  };
  return (
    <>
      {offered.length > FEW && (
        <TextField
          label={text("common.search")}
          hideLabel
          placeholder={text("common.search")}
          value={query}
          onChange={setQuery}
        />
      )}
      <fieldset className={styles.choices}>
        <legend className="sr-only">{text("sweep.values-of", { name })}</legend>
        {found.map((choice, at) => (
          <label key={String(choice)} className={styles.choice} htmlFor={`${id}-${at}`}>
            <input
              id={`${id}-${at}`}
              type="checkbox"
              checked={axis.choices.includes(choice)}
              onChange={() => toggle(choice)}
            />
            <span>{String(choice)}</span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
