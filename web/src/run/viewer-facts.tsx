/** How a result was made, beside it. */

import { useEffect, useState } from "react";
import type { JsonObject } from "@/document/records";
import { useText } from "@/i18n/language";
import { durationText } from "@/i18n/measure-texts";
import { fetchJson } from "@/server/api";
import { type Fact, factsOf } from "./result-facts";
import { attempt } from "./run";
import styles from "./viewer.module.css";
import type { ViewedItem } from "./viewer-state";

interface Made {
  readonly facts: readonly Fact[];
  /** Seconds that the job took. */
  readonly seconds: number | null;
}

interface WholeJob {
  readonly execution_start_time?: number;
  readonly execution_end_time?: number;
  readonly workflow: { readonly prompt: JsonObject };
}

/** A column with names and values. */
export function ViewerFacts({ item }: { readonly item: ViewedItem }) {
  const say = useText();
  const made = useMade(item);
  return (
    <aside className={styles.facts} aria-label={say("run.facts")}>
      <h3 className={styles.factsTitle}>{say("run.facts")}</h3>
      <dl className={styles.list}>
        {made?.facts.map(({ name, value }) => (
          <Line key={name} name={say(`run.fact.${name}`)} value={value} />
        ))}
        {item.ended !== undefined && (
          <Line name={say("run.fact.made")} value={new Date(item.ended).toLocaleString()} />
        )}
        {made && made.seconds !== null && (
          <Line name={say("run.fact.took")} value={durationText(made.seconds)} />
        )}
        {item.filename !== "" && (
          <Line
            name={say("run.fact.file")}
            value={[item.subfolder, item.filename].filter(Boolean).join("/")}
          />
        )}
      </dl>
    </aside>
  );
}

function Line({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function useMade({ job, node }: ViewedItem): Made | null {
  const [made, setMade] = useState<Made | null>(null);
  useEffect(() => {
    let left = false;
    setMade(null);
    if (job === undefined) return;
    void attempt(async () => {
      const whole = await fetchJson<WholeJob>(`/jobs/${job}`);
      const { execution_start_time: start, execution_end_time: end } = whole;
      const seconds = start === undefined || end === undefined ? null : (end - start) / 1000;
      if (!left) setMade({ facts: factsOf(whole.workflow.prompt, node), seconds });
    });
    return () => {
      left = true;
    };
  }, [job, node]);
  return made;
}
