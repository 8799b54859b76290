/** Where Tab goes on the canvas: nodes are reached by arrows, so that the whole canvas is one stop. */

const TABBABLE =
  'button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), a[href], video, audio, [tabindex="0"]';

/** Return what can be focused within a node, in order. */
export const widgetsIn = (node: HTMLElement): HTMLElement[] =>
  [...node.querySelectorAll<HTMLElement>(TABBABLE)].filter((one) => one.offsetParent !== null);

/**
 * Put the focus on the edge of the canvas, from where the browser's own handling of Tab goes on to what comes
 * after it, or before it.
 */
export function leaveCanvas(from: HTMLElement, backward: boolean): void {
  const edge = from
    .closest("[data-stage]")
    ?.querySelector<HTMLElement>(`[data-edge="${backward ? "before" : "after"}"]`);
  edge?.focus({ preventScroll: true });
}
