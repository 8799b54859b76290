/** Loss curves: points in order of their steps, and what is drawn and said of them. */

/** Points of a run, each step once, ascending. */
export interface Curve {
  readonly step: readonly number[];
  readonly loss: readonly number[];
  readonly rate: readonly number[];
}

/** The curve of a run that has told nothing yet. */
export const NO_CURVE: Curve = { step: [], loss: [], rate: [] };

/** Return a curve with more points, which are in order too; of two at one step the new one counts. */
export function withPoints(curve: Curve, more: Curve): Curve {
  const first = more.step[0];
  if (first === undefined) return curve;
  const from = placeOf(curve.step, first);
  if (from === curve.step.length) return joined(curve, more);
  const points = new Map<number, readonly [number, number]>();
  for (const { step, loss, rate } of [part(curve, from), more]) {
    for (const [at, one] of step.entries()) points.set(one, [loss[at] ?? 0, rate[at] ?? 0]);
  }
  const steps = [...points.keys()].sort((one, other) => one - other);
  const merged = {
    step: steps,
    loss: steps.map((step) => points.get(step)?.[0] ?? 0),
    rate: steps.map((step) => points.get(step)?.[1] ?? 0),
  };
  return joined(part(curve, 0, from), merged);
}

/** Return the first place whose step is not below one; the number of steps where all are. */
function placeOf(steps: readonly number[], step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

const part = ({ step, loss, rate }: Curve, from: number, to?: number): Curve => ({
  step: step.slice(from, to),
  loss: loss.slice(from, to),
  rate: rate.slice(from, to),
});

const joined = (curve: Curve, more: Curve): Curve => ({
  step: [...curve.step, ...more.step],
  loss: [...curve.loss, ...more.loss],
  rate: [...curve.rate, ...more.rate],
});

/**
 * Return the exponential moving average of values, without bias towards the start.
 *
 * @param memory What is kept of it at each value: from 0 (the values themselves) to below 1.
 */
export function smoothed(values: readonly number[], memory: number): number[] {
  let total = 0;
  let weight = 0;
  return values.map((value) => {
    total = memory * total + (1 - memory) * value;
    weight = memory * weight + (1 - memory);
    return total / weight;
  });
}

/**
 * Return the places of at most about `most` points that show the same outline: of each stretch of the curve
 * the lowest and the highest one, and the two ends.
 */
export function outline(values: readonly number[], most: number): number[] {
  if (values.length <= most) return values.map((_, at) => at);
  const width = (values.length * 2) / Math.max(most, 2);
  const places = new Set([0, values.length - 1]);
  for (let from = 0; from < values.length; from += width) {
    const begin = Math.floor(from);
    const end = Math.min(values.length, Math.floor(from + width));
    let low = begin;
    let high = begin;
    for (let at = begin; at < end; at++) {
      if ((values[at] ?? 0) < (values[low] ?? 0)) low = at;
      if ((values[at] ?? 0) > (values[high] ?? 0)) high = at;
    }
    places.add(low).add(high);
  }
  return [...places].filter((place) => place < values.length).sort((one, other) => one - other);
}

/** What a curve comes to. */
export interface CurveSummary {
  readonly steps: number;
  readonly last: number;
  readonly lowest: number;
  readonly lowestStep: number;
  /** Change of the smoothed curve over its last tenth, as a share of its value there; below 0 it falls. */
  readonly trend: number;
}

/** Return what a curve comes to; null without points. */
export function summaryOf(curve: Curve): CurveSummary | null {
  const { step, loss } = curve;
  const last = loss.at(-1);
  if (last === undefined) return null;
  let lowest = 0;
  for (const [at, value] of loss.entries()) if (value < (loss[lowest] ?? 0)) lowest = at;
  const smooth = smoothed(loss, memoryFor(loss.length));
  const end = smooth.at(-1) ?? last;
  const before = smooth[Math.max(0, Math.floor(smooth.length * 0.9) - 1)] ?? end;
  return {
    steps: step.at(-1) ?? 0,
    last,
    lowest: loss[lowest] ?? last,
    lowestStep: step[lowest] ?? 0,
    trend: before === 0 ? 0 : (end - before) / Math.abs(before),
  };
}

/**
 * Return the memory that smooths a curve of so many points.
 *
 * @param strength From 0 (not at all) to 1 (over a fifteenth of the curve).
 */
export function memoryFor(points: number, strength = 0.5): number {
  return 1 - 1 / Math.max(1, (points * strength) / 15);
}

/** Return points to list: about `most` of them at even distances, the last one always. */
export function listedPoints(curve: Curve, most: number): readonly number[] {
  const count = curve.step.length;
  const stride = Math.max(1, Math.ceil(count / most));
  const places: number[] = [];
  for (let at = count - 1; at >= 0; at -= stride) places.push(at);
  return places.reverse();
}

/** Write a loss or a rate with four digits that count. */
export function shortNumber(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size < 0.001 || size >= 100_000 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}
