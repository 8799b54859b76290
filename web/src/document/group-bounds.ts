/** The frame of a group. */

import type { Json, RawGroup } from "./records";

/** Upper left corner, width and height in canvas pixels. */
export type Bounding = readonly [number, number, number, number];

const SIZE: Bounding = [0, 0, 140, 80];

/** Return the frame of a group, as the file has it; its title lies within, at the top. */
export function boundingOf(raw: RawGroup): Bounding {
  const given: readonly Json[] = Array.isArray(raw.bounding) ? raw.bounding : [];
  const at = (place: 0 | 1 | 2 | 3) => {
    const value = given[place];
    return typeof value === "number" && Number.isFinite(value) ? value : SIZE[place];
  };
  return [at(0), at(1), at(2), at(3)];
}
