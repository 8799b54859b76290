/** How the chart looks, from the tokens of the page. */

import type uPlot from "uplot";
import type { ChartLine } from "./chart-data";
import { shortNumber } from "./curve";

/** Colours of the chart. */
export interface ChartColors {
  /** Of curves, by their place. */
  readonly lines: readonly string[];
  readonly rate: string;
  readonly text: string;
  readonly grid: string;
}

const token = (style: CSSStyleDeclaration, name: string): string => style.getPropertyValue(name).trim();

/** Return the colours of the theme that is shown. */
export function chartColors(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  return {
    lines: ["--accent", "--warning", "--success", "--danger"].map((name) => token(style, name)),
    rate: token(style, "--border-strong"),
    text: token(style, "--text-muted"),
    grid: token(style, "--border"),
  };
}

interface ChartFrame {
  readonly logarithmic: boolean;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly colors: ChartColors;
  /** Called with the place of the step under the pointer; null where there is none. */
  readonly onCursor: (at: number | null) => void;
}

/** Return what makes a chart of lines. */
export function chartOptions(lines: readonly ChartLine[], frame: ChartFrame): uPlot.Options {
  const { logarithmic, width, height, colors, onCursor } = frame;
  const axis = { stroke: colors.text, grid: { stroke: colors.grid, width: 1 }, ticks: { show: false } };
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const rates = lines.some(({ kind }) => kind === "rate");
  const written = (_: uPlot, values: readonly number[]) =>
    values.map((value) => (value === null || value === undefined ? "" : shortNumber(value)));
  return {
    width,
    height,
    padding: [8, rates ? 0 : 8, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, points: { size: 6 } },
    scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1 }, rate: {} },
    series: [{}, ...lines.map((line) => seriesOf(line, colors))],
    axes: [
      { ...axis, font, size: 28 },
      { ...axis, font, size: 52, values: written },
      ...(rates
        ? [
            {
              ...axis,
              font,
              scale: "rate",
              side: 1 as const,
              size: 52,
              grid: { show: false },
              values: written,
            },
          ]
        : []),
    ],
    hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
  };
}

function seriesOf({ kind, place }: ChartLine, colors: ChartColors): uPlot.Series {
  const color = colors.lines[place % colors.lines.length] ?? colors.text;
  const common = { spanGaps: true, points: { show: false } };
  if (kind === "rate") return { ...common, scale: "rate", stroke: colors.rate, width: 1, dash: [4, 4] };
  if (kind === "raw") return { ...common, stroke: color, width: 1, alpha: 0.38 };
  return { ...common, stroke: color, width: 2 };
}
