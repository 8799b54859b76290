/** Which run is shown, and with which it is compared. */

import { GitCompare } from "lucide-react";
import { text as translated, useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Menu } from "@/ui/menu";
import { Select } from "@/ui/select";
import { useCourses } from "./courses";
import { toggleCompared, usePanelView } from "./panel-view";
import styles from "./run-choice.module.css";
import type { TrainingRun } from "./runs";

interface RunChoiceProps {
  readonly runs: readonly TrainingRun[];
  /** Name of the one that is shown. */
  readonly shown: string;
}

/** Runs that fit into the list; the rest are old. */
const MOST = 100;

/** A list of the runs, and a menu of those to compare with. */
export function RunChoice({ runs, shown }: RunChoiceProps) {
  const text = useText();
  const compared = usePanelView((view) => view.compared);
  const courses = useCourses((state) => state.courses);
  const listed = runs.slice(0, MOST);
  const nameOf = (run: TrainingRun) =>
    text("training.run-name", {
      name: runName(run),
      steps: courses.get(run.name)?.curve.step.at(-1) ?? run.steps,
    });
  const others = listed.filter(({ name }) => name !== shown);
  return (
    <div className={styles.choice}>
      <Select
        className={styles.select}
        label={text("training.run")}
        value={shown}
        options={listed.map((run) => ({ value: run.name, label: nameOf(run) }))}
        onChange={(chosen) => usePanelView.setState({ chosen })}
      />
      <Menu
        align="end"
        entries={[
          { heading: text(others.length > 0 ? "training.compare" : "training.compare-none") },
          ...others.map((run) => ({
            label: nameOf(run),
            checked: compared.includes(run.name),
            onSelect: () => toggleCompared(run.name),
          })),
        ]}
      >
        <IconButton
          label={text("training.compare")}
          icon={GitCompare}
          count={compared.filter((name) => name !== shown).length}
        />
      </Menu>
    </div>
  );
}

/** Write the name of a run: what was trained, and the start of its identity. */
export function runName({ name, method }: Pick<TrainingRun, "name" | "method">): string {
  const known = method === "lora" || method === "full" || method === "autoencoder";
  const kind = known ? translated(`training.method-${method}`) : method;
  return `${kind} ${name.replace(/^[a-z]+-/, "").slice(0, 8)}`;
}
