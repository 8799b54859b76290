/** Curves made into what the chart draws. */

import type uPlot from "uplot";
import { type Curve, memoryFor, outline, smoothed } from "./curve";

/** A curve with its name. */
export interface NamedCurve {
  readonly name: string;
  readonly curve: Curve;
}

/** What is drawn of the curves. */
export interface ChartLook {
  /** From 0 (none) to 1 (the most). */
  readonly smoothing: number;
  readonly rates: boolean;
  readonly logarithmic: boolean;
}

/** A line of the chart. */
export interface ChartLine {
  /** Which curve it is of. */
  readonly name: string;
  readonly kind: "raw" | "smooth" | "rate";
  /** Place of the curve among those that are drawn, which decides its colour. */
  readonly place: number;
}

/** What the chart draws: its lines and their points. */
export interface ChartContent {
  readonly lines: readonly ChartLine[];
  /** Steps, then the values of each line; null where a line has none at a step. */
  readonly data: uPlot.AlignedData;
}

/** Points that are drawn of each curve: more could not be told apart. */
const MOST = 4000;

/**
 * Return the lines of curves. The first one has its raw losses and its learning rate too; of those it is
 * compared with only the smoothed ones are drawn.
 */
export function chartContent(curves: readonly NamedCurve[], look: ChartLook): ChartContent {
  const lines: ChartLine[] = [];
  const tables: (readonly [readonly number[], readonly number[]])[] = [];
  const add = (line: ChartLine, steps: readonly number[], values: readonly number[]) => {
    const shown = outline(values, MOST);
    lines.push(line);
    tables.push([
      shown.map((at) => steps[at] ?? 0),
      shown.map((at) => positive(values[at] ?? 0, look, line)),
    ]);
  };
  for (const [place, { name, curve }] of curves.entries()) {
    const { step, loss, rate } = curve;
    if (place === 0 && look.rates) add({ name, kind: "rate", place }, step, rate);
    if (place === 0) add({ name, kind: "raw", place }, step, loss);
    const memory = memoryFor(loss.length, look.smoothing);
    if (look.smoothing > 0 || place > 0) add({ name, kind: "smooth", place }, step, smoothed(loss, memory));
  }
  return { lines, data: aligned(tables) };
}

/** A logarithmic axis has no place for 0. */
function positive(value: number, look: ChartLook, line: ChartLine): number {
  return look.logarithmic && line.kind !== "rate" ? Math.max(value, 1e-12) : value;
}

/** Return tables of steps and values as one with the steps of all. */
function aligned(tables: readonly (readonly [readonly number[], readonly number[]])[]): uPlot.AlignedData {
  const steps = [...new Set(tables.flatMap(([own]) => own))].sort((one, other) => one - other);
  const values = tables.map(([own, given]) => {
    const known = new Map(own.map((step, at) => [step, given[at] ?? null] as const));
    return steps.map((step) => known.get(step));
  });
  return [steps, ...values] as uPlot.AlignedData;
}
