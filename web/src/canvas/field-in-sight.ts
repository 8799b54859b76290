/** Keeps a field on the canvas in sight while the room for the canvas shrinks. */

import { panBy } from "./camera";

/** Space in CSS pixels between the field and the edge of the canvas. */
const BESIDE = 12;

/** Move the view so that the field that is written in is seen, such as above the keyboard of a phone. */
export function keepFieldInSight(stage: HTMLElement): void {
  const field = document.activeElement;
  if (!field?.matches("[data-node] :is(input, textarea)") || !stage.contains(field)) return;
  const [at, room] = [field.getBoundingClientRect(), stage.getBoundingClientRect()];
  const hidden = at.bottom + BESIDE - room.bottom;
  const above = at.top - BESIDE - room.top;
  if (hidden > 0) panBy(0, -Math.min(hidden, Math.max(above, 0)));
}
