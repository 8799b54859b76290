/** What a number widget may hold, how it moves and how it is written. */

import type { Json } from "@/document/records";

/** The rule of one number widget. Values are those that the document keeps. */
export interface NumberRule {
  /** Limits for display and for assistive technology; undefined where there is none. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Return a value as it is shown. */
  show(value: Json): string;
  /** Return the value that was typed, put within the limits; throws a SyntaxError where it is no number. */
  read(text: string): Json;
  /** Return the value that lies `steps` steps on, within the limits; a part of a step is a fine step. */
  move(value: Json, steps: number): Json;
  /** Return the value at a share (0 to 1) of the range, or undefined where the range has no end. */
  at(share: number): Json | undefined;
  /** Return the share of the range at which a value lies, 0 to 1; undefined where the range has no end. */
  share(value: Json): number | undefined;
}

/** Return the share of a range, cut to 0 and 1. */
export function shareOf(value: number, min: number | undefined, max: number | undefined): number | undefined {
  if (min === undefined || max === undefined || max <= min) return undefined;
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}
