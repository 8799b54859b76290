/** The chart of loss curves. */

import { Fullscreen, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { type ChartContent, type ChartLook, chartContent, type NamedCurve } from "./chart-data";
import { chartColors, chartOptions } from "./chart-options";
import { useChartTheme } from "./chart-theme";
import { shortNumber } from "./curve";
import styles from "./curve-chart.module.css";

interface CurveChartProps {
  /** The one that is looked at first, then those that it is compared with. */
  readonly curves: readonly NamedCurve[];
  readonly look: ChartLook;
  /** What the chart shows, in words. */
  readonly summary: string;
}

const HEIGHT = 240;

/** Loss over steps. Drag to zoom in, double click for all; the values under the pointer are below. */
export default function CurveChart({ curves, look, summary }: CurveChartProps) {
  const text = useText();
  const place = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const content = useMemo(() => chartContent(curves, look), [curves, look]);
  const chart = useChart(place, content, look, setAt);
  const move = (event: KeyboardEvent) => {
    const steps = KEYS[event.key];
    const plot = chart.current;
    if (!plot || steps === undefined) return;
    event.preventDefault();
    const last = content.data[0].length - 1;
    const next = Math.min(last, Math.max(0, (at ?? last) + steps * Math.max(1, Math.round(last / 100))));
    plot.setCursor({ left: plot.valToPos(content.data[0][next] ?? 0, "x"), top: plot.over.clientHeight / 2 });
  };
  return (
    <figure className={styles.chart}>
      <div
        ref={place}
        className={styles.plot}
        role="application"
        aria-roledescription={text("training.chart")}
        aria-label={summary}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the line that reads values off
        tabIndex={0}
        onKeyDown={move}
      />
      <div className={styles.below}>
        <Values content={content} at={at} several={curves.length > 1} />
        <Zooms chart={chart} />
      </div>
    </figure>
  );
}

const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: 10,
  PageDown: -10,
  Home: -1e9,
  End: 1e9,
};

type Chart = { readonly current: uPlot | null };

/** Draw into an element, anew when the lines change; new points of the same lines keep the zoom. */
function useChart(
  place: { readonly current: HTMLDivElement | null },
  content: ChartContent,
  look: ChartLook,
  onCursor: (at: number | null) => void,
): Chart {
  const chart = useRef<uPlot | null>(null);
  const theme = useChartTheme();
  const { logarithmic } = look;
  const lines = content.lines.map(({ name, kind }) => `${kind} ${name}`).join("\n");
  const newest = useRef(content);
  newest.current = content;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `lines` stands for the content, `theme` for the colours
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const options = chartOptions(newest.current.lines, {
      logarithmic,
      width: element.clientWidth,
      height: HEIGHT,
      colors: chartColors(),
      onCursor,
    });
    const plot = new uPlot(options, newest.current.data, element);
    chart.current = plot;
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [place, lines, logarithmic, theme, onCursor]);
  useEffect(() => {
    const plot = chart.current;
    if (plot && plot.data !== content.data) plot.setData(content.data, !isZoomed(plot));
  }, [content]);
  return chart;
}

/** Whether a part of the steps is shown. */
function isZoomed(plot: uPlot): boolean {
  const { min, max } = plot.scales.x ?? {};
  const steps = plot.data[0];
  return min !== undefined && max !== undefined && (min > (steps[0] ?? 0) || max < (steps.at(-1) ?? 0));
}

interface ValuesProps {
  readonly content: ChartContent;
  /** Place of the step that is read off; null for the last one. */
  readonly at: number | null;
  readonly several: boolean;
}

/** The key to the lines, with the values at the step under the pointer, else at the last one. */
function Values({ content, at, several }: ValuesProps) {
  const text = useText();
  const { data, lines } = content;
  const place = at ?? data[0].length - 1;
  const colors = chartColors();
  return (
    <figcaption className={styles.values}>
      <span className={styles.step}>{text("training.at-step", { step: data[0][place] ?? 0 })}</span>
      {lines.map((line, number) => (
        <span key={`${line.kind} ${line.name}`} className={styles.value}>
          <i
            className={styles.mark}
            data-kind={line.kind}
            style={{
              background: line.kind === "rate" ? colors.rate : colors.lines[line.place % colors.lines.length],
            }}
          />
          {several && line.kind === "smooth" ? line.name : text(`training.line-${line.kind}`)}
          <b>{valueAt(data[number + 1], place)}</b>
        </span>
      ))}
    </figcaption>
  );
}

/** Write the value at a place, or the last one before it. */
function valueAt(values: ArrayLike<number | null | undefined> | undefined, place: number): string {
  for (let at = place; values && at >= 0; at--) {
    const value = values[at];
    if (value !== null && value !== undefined) return shortNumber(value);
  }
  return "–";
}

/** Zooming for those who do not drag. */
function Zooms({ chart }: { readonly chart: Chart }) {
  const text = useText();
  const zoom = (factor: number) => {
    const plot = chart.current;
    const { min, max } = plot?.scales.x ?? {};
    if (!plot || min === undefined || max === undefined) return;
    const steps = plot.data[0];
    const middle =
      plot.cursor.left !== undefined && plot.cursor.left >= 0 ? plot.posToVal(plot.cursor.left, "x") : max;
    const half = ((max - min) * factor) / 2;
    const low = Math.max(steps[0] ?? 0, Math.min(middle - half, (steps.at(-1) ?? 0) - 2 * half));
    plot.setScale("x", { min: low, max: Math.min(steps.at(-1) ?? 0, low + 2 * half) });
  };
  const all = () => {
    const plot = chart.current;
    if (plot) plot.setScale("x", { min: plot.data[0][0] ?? 0, max: plot.data[0].at(-1) ?? 1 });
  };
  return (
    <div className={styles.zooms}>
      <IconButton size="small" label={text("training.zoom-in")} icon={ZoomIn} onClick={() => zoom(0.5)} />
      <IconButton size="small" label={text("training.zoom-out")} icon={ZoomOut} onClick={() => zoom(2)} />
      <IconButton size="small" label={text("training.zoom-all")} icon={Fullscreen} onClick={all} />
    </div>
  );
}
