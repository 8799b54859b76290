/** Which run is shown, and with which it is compared. */

import { GitCompare } from "lucide-react";
import { text, useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Menu } from "@/ui/menu";
import { Select } from "@/ui/select";
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
  useText();
  const compared = usePanelView((view) => view.compared);
  const listed = runs.slice(0, MOST);
  const others = listed.filter(({ name }) => name !== shown);
  return (
    <div className={styles.choice}>
      <Select
        className={styles.select}
        label={text("training.run")}
        value={shown}
        options={listed.map((run) => ({ value: run.name, label: runName(run) }))}
        onChange={(chosen) => usePanelView.setState({ chosen })}
      />
      <Menu
        align="end"
        entries={[
          { heading: text(others.length > 0 ? "training.compare" : "training.compare-none") },
          ...others.map((run) => ({
            label: runName(run),
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

/** Write the name of a run: what was trained, the start of its identity, its steps. */
export function runName({ name, method, steps }: TrainingRun): string {
  const known = method === "lora" || method === "full" || method === "autoencoder";
  const kind = known ? text(`training.method-${method}`) : method;
  const short = name.replace(/^[a-z]+-/, "").slice(0, 8);
  return text("training.run-name", { method: kind, name: short, steps });
}
