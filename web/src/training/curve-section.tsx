/** The curve of the run that is shown, with what decides how it is drawn. */

import { lazy, Suspense, useMemo } from "react";
import { useText } from "@/i18n/language";
import { Slider } from "@/ui/slider";
import { Switch } from "@/ui/switch";
import type { NamedCurve } from "./chart-data";
import { shortNumber, summaryOf } from "./curve";
import styles from "./curve-section.module.css";
import { CurveTable } from "./curve-table";
import { changeLook, usePanelView } from "./panel-view";

const CurveChart = lazy(() => import("./curve-chart"));

interface CurveSectionProps {
  /** The run that is shown, then those that it is compared with. */
  readonly curves: readonly NamedCurve[];
}

/** The chart or the table, the summary in words, and the switches. */
export function CurveSection({ curves }: CurveSectionProps) {
  const text = useText();
  const { look, table } = usePanelView();
  const first = curves[0];
  const summary = useSummary(first);
  if (!first || !summary) return <p className={styles.none}>{text("training.no-points")}</p>;
  return (
    <section className={styles.section} aria-label={text("training.curve")}>
      {table ? (
        <CurveTable curve={first.curve} smoothing={look.smoothing} />
      ) : (
        <Suspense fallback={<div className={styles.waiting} />}>
          <CurveChart curves={curves} look={look} summary={summary} />
        </Suspense>
      )}
      <p className={styles.summary}>{summary}</p>
      <Looks />
    </section>
  );
}

/** Changes of the smoothed curve below this share over its last tenth count as level. */
const LEVEL = 0.01;

function useSummary(named: NamedCurve | undefined): string | null {
  const text = useText();
  return useMemo(() => {
    const found = named && summaryOf(named.curve);
    if (!found) return null;
    const { trend } = found;
    const direction = Math.abs(trend) < LEVEL ? "flat" : trend < 0 ? "down" : "up";
    return text("training.summary", {
      name: named.name,
      steps: found.steps,
      last: shortNumber(found.last),
      lowest: shortNumber(found.lowest),
      lowestStep: found.lowestStep,
      trend: text(`training.trend-${direction}`),
    });
  }, [named, text]);
}

function Looks() {
  const text = useText();
  const { look, table } = usePanelView();
  return (
    <div className={styles.looks}>
      <div className={styles.smoothing}>
        <span aria-hidden>{text("training.smoothing")}</span>
        <Slider
          label={text("training.smoothing")}
          value={look.smoothing}
          min={0}
          max={1}
          step={0.05}
          valueText={`${Math.round(look.smoothing * 100)} %`}
          onChange={(smoothing) => changeLook({ smoothing })}
        />
      </div>
      <Switch
        label={text("training.logarithmic")}
        checked={look.logarithmic}
        onChange={(logarithmic) => changeLook({ logarithmic })}
      />
      <Switch
        label={text("training.rates")}
        checked={look.rates}
        onChange={(rates) => changeLook({ rates })}
      />
      <Switch
        label={text("training.table")}
        checked={table}
        onChange={(next) => usePanelView.setState({ table: next })}
      />
    </div>
  );
}
