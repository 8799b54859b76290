/** One field of an app: large, with its own name, and a slider where its range allows one. */

import { useId } from "react";
import type { WidgetSlot } from "@/catalogue/slots";
import type { DocumentStore } from "@/document/store";
import { problemText } from "@/run/problem-text";
import type { NodeProblem } from "@/run/problems";
import { Slider } from "@/ui/slider";
import { useWidgetBinding, useWidgetState } from "@/widgets/widget-binding";
import { Companions } from "@/widgets/widget-companions";
import { WidgetControl } from "@/widgets/widget-control";
import styles from "./app-field.module.css";
import type { AppField } from "./app-fields";
import { ProblemLine } from "./problem-line";
import { sliderRange } from "./slider-range";

interface AppFieldProps {
  readonly store: DocumentStore;
  readonly field: AppField;
  /** What is wrong with its value. */
  readonly problem: NodeProblem | undefined;
}

/** A widget of the workflow as a field of a form. */
export function AppFieldRow({ store, field, problem }: AppFieldProps) {
  const labelId = useId();
  const { slot, slots, node, label } = field;
  const scope = node.scope;
  const id = node.raw.id;
  const { value } = useWidgetState(store, scope, id, slot);
  const binding = useWidgetBinding(store, scope, id, slot);
  const common = {
    store,
    scope,
    node: id,
    slots,
    binding,
    label,
    labelId,
    size: "sheet",
    problem: problem && problemText(problem),
  } as const;
  const range = sliderRange(slot, field.input);
  const beside = slots.find(({ kind, name }) => kind === "control" && name === slot.name);
  const upload = slots.find(({ kind, name }) => kind === "upload" && name === slot.name);
  const hint = slot.input?.options.tooltip;
  return (
    <div className={styles.field} data-wrong={problem ? "" : undefined} data-kind={slot.kind}>
      <span id={labelId} className={styles.label} title={typeof hint === "string" ? hint : undefined}>
        {label}
      </span>
      <div className={range ? styles.ranged : undefined}>
        {range && (
          <Slider
            className={styles.slider}
            label={label}
            value={typeof value === "number" ? value : 0}
            min={range.min}
            max={range.max}
            step={range.step}
            onChange={(next) => binding.type(next)}
            onCommit={() => binding.settle()}
          />
        )}
        <div className={styles.control}>
          <WidgetControl {...common} slot={slot} value={value} />
          {beside && <Companions {...common} slot={slot} control={beside} />}
        </div>
      </div>
      {upload && <Upload {...common} slot={upload} />}
      {problem && (
        <div className={styles.problem} role="alert">
          <ProblemLine problem={problem} />
        </div>
      )}
    </div>
  );
}

type UploadProps = Omit<Parameters<typeof WidgetControl>[0], "value" | "slot"> & {
  readonly slot: WidgetSlot;
};

function Upload(props: UploadProps) {
  return (
    <div className={styles.upload}>
      <WidgetControl {...props} value={null} />
    </div>
  );
}
