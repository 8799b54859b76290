/** Which numbers can be set by a slider. */

import type { WidgetSlot } from "@/catalogue/slots";
import type { PromotedInput } from "@/editor/app-choice";

/** Ends and step of a slider. */
export interface SliderRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A slider with more steps than this would be a lottery. */
const MOST_STEPS = 500;
/** Ends that suit numbers whose own limits are far apart, by their names. */
const USUAL: Readonly<Record<string, readonly [min: number, max: number]>> = {
  steps: [1, 50],
  cfg: [1, 15],
  guidance: [0, 10],
  batch_size: [1, 8],
  width: [64, 2048],
  height: [64, 2048],
};

const finite = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

type Given = Pick<PromotedInput, "min" | "max">;

/** Return the slider of a widget, or null where its range is too wide for one. */
export function sliderRange(slot: WidgetSlot, given: Given): SliderRange | null {
  const whole = slot.kind === "integer";
  if (!whole && slot.kind !== "number") return null;
  const [min, max] = ends(slot, given);
  const step = finite(slot.input?.options.step) ?? (whole ? 1 : 0.1);
  if (!(max > min) || step <= 0) return null;
  if ((max - min) / step <= MOST_STEPS) return { min, max, step };
  if (given.min === undefined && given.max === undefined) return null;
  const coarse = (max - min) / MOST_STEPS;
  return { min, max, step: whole ? Math.ceil(coarse) : coarse };
}

/** The author's ends, else the usual ones, else those of the widget; never beyond those. NaN where there is none. */
function ends({ name, input }: WidgetSlot, given: Given): readonly [number, number] {
  const low = finite(input?.options.min);
  const high = finite(input?.options.max);
  const [usualLow, usualHigh] = USUAL[name] ?? [];
  return [
    Math.max(given.min ?? usualLow ?? low ?? Number.NaN, low ?? -Infinity),
    Math.min(given.max ?? usualHigh ?? high ?? Number.NaN, high ?? Infinity),
  ];
}
