/** Numbers with a fraction. */

import type { Json, JsonObject } from "@/document/records";
import { evaluate } from "./expression";
import { type NumberRule, shareOf } from "./number-rule";

const finite = (value: Json | undefined): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** Return how many digits follow the point of a number, at most 10. */
export function decimalsOf(value: number): number {
  const [mantissa = "", exponent = "0"] = value.toString().split("e");
  const digits = mantissa.split(".")[1]?.length ?? 0;
  return Math.min(10, Math.max(0, digits - Number(exponent)));
}

/** Return a number without the dust of binary arithmetic. */
const clean = (value: number, decimals: number): number => Number(value.toFixed(Math.min(12, decimals)));

const numberOf = (value: Json): number => {
  const number = Number(value);
  return typeof value === "boolean" || value === null || Number.isNaN(number) ? 0 : number;
};

/** Return the rule of a FLOAT widget with these options: `min`, `max`, `step` (0.5 if missing), `round`. */
export function realRule(options: JsonObject): NumberRule {
  const min = finite(options.min);
  const max = finite(options.max);
  const step = finite(options.step) || 0.5;
  const round = finite(options.round) || 0;
  const within = (value: number) => Math.min(max ?? Infinity, Math.max(min ?? -Infinity, value));
  const settle = (value: number) =>
    within(round > 0 ? clean(Math.round(value / round) * round, decimalsOf(round)) : clean(value, 12));
  const decimals = Math.max(1, Math.min(decimalsOf(step), 3));
  return {
    min,
    max,
    show: (value) => {
      const number = clean(numberOf(value), 6);
      return number.toFixed(Math.max(decimals, Math.min(6, decimalsOf(number))));
    },
    read: (text) => settle(evaluate(text)),
    move: (value, steps) => {
      const moved = numberOf(value) + steps * step;
      return settle(
        clean(moved, Math.max(decimalsOf(step), decimalsOf(numberOf(value))) + (steps % 1 ? 2 : 0)),
      );
    },
    at: (share) => {
      if (min === undefined || max === undefined) return undefined;
      const moved = min + Math.round((share * (max - min)) / step) * step;
      return settle(clean(moved, Math.max(decimalsOf(step), decimalsOf(min))));
    },
    share: (value) => shareOf(numberOf(value), min, max),
  };
}

/** Return a random number of a FLOAT widget with these options, a whole number of steps from its lower end. */
export function randomReal(options: JsonObject): Json {
  const low = finite(options.min) ?? 0;
  const high = finite(options.max) ?? 1;
  const step = finite(options.step) || 0.5;
  const steps = Math.floor(Math.random() * (Math.floor(Math.max(0, high - low) / step) + 1));
  return realRule(options).move(low, steps);
}
