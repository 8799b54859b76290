/** What a run was set to, beside those that it is compared with. */

import { useMemo } from "react";
import type { JsonObject } from "@/document/records";
import { useText } from "@/i18n/language";
import { factsOf } from "./run-facts";
import styles from "./run-settings.module.css";

interface RunSettingsProps {
  /** The run that is shown, then those that it is compared with. */
  readonly runs: readonly { readonly name: string; readonly about: JsonObject }[];
}

/** A table of the settings that are not the usual ones; what differs between the runs is marked and comes first. */
export function RunSettings({ runs }: RunSettingsProps) {
  const text = useText();
  const facts = useMemo(() => factsOf(runs.map(({ about }) => about)), [runs]);
  return (
    <details className={styles.section} open={runs.length > 1}>
      <summary className={styles.title}>{text("training.settings")}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it */}
      <section className={styles.frame} tabIndex={0} aria-label={text("training.settings")}>
        <table className={styles.table}>
          <thead>
            <tr>
              <td />
              {runs.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {facts.map(({ name, values, differs }) => (
              <tr key={name} data-differs={differs || undefined}>
                <th scope="row">{name}</th>
                {runs.map((run, place) => (
                  <td key={run.name}>{values[place] ?? <i>{text("training.usual")}</i>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
