/** How much room widgets take on a node, in canvas pixels. */

import type { WidgetSlot } from "@/catalogue/slots";

/** Height of a row with a widget, the gap below it included. */
export const WIDGET = 24;
/** Least height of a text of several rows. */
const TEXT = 68;
/** Least height of an upload with the picture that it shows. */
const UPLOAD = 158;

/**
 * Return the least height of a widget's row. 0 for what has no row of its own: what happens to a seed after a
 * run, and the filter of a choice, are set in the row of the seed or the choice.
 */
export function rowHeight(slot: WidgetSlot): number {
  if (slot.kind === "control" || slot.kind === "filter") return 0;
  if (slot.kind === "multiline") return TEXT;
  return slot.kind === "upload" ? UPLOAD : WIDGET;
}

/** Tell whether a widget takes the room that is left over on its node. */
export const takesRest = (slot: WidgetSlot): boolean => slot.kind === "multiline" || slot.kind === "upload";
