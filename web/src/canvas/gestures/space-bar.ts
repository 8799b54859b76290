/** The space bar: while it is held down, dragging moves the view, wherever the pointer is. */

import { select, selected } from "./select-box";

/** What takes the space bar itself. */
const TAKERS = "input, textarea, select, button, a, summary, [contenteditable=true], [role]";

let held = false;
let used = false;

/** Tell whether the space bar is held down for the canvas. */
export const isSpaceHeld = (): boolean => held;

/** Say that the view was moved with it: letting it go means nothing else then. */
export function spendSpace(): void {
  used = true;
}

const isTaken = (target: HTMLElement): boolean =>
  target.matches(TAKERS) && !target.matches("[data-node], [role=application]");

/** On a node, a tap of the space bar selects it, or takes it out of the selection. */
function tap(target: HTMLElement): void {
  const id = target.dataset.node;
  if (id === undefined) return;
  const next = new Set(selected());
  if (!next.delete(id)) next.add(id);
  select(next);
}

/** Listen to the space bar for the canvas in `stage`, until `signal` says otherwise. */
export function listenToSpace(stage: HTMLElement, signal: AbortSignal): void {
  const release = () => {
    held = false;
    delete stage.dataset.space;
  };
  const press = (event: KeyboardEvent) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    if (key !== " " || ctrlKey || metaKey || altKey || event.defaultPrevented) return;
    if (!(target instanceof HTMLElement) || isTaken(target)) return;
    if (target !== document.body && !stage.contains(target)) return;
    event.preventDefault();
    if (event.repeat || held) return;
    held = true;
    used = false;
    stage.dataset.space = "";
  };
  const lift = ({ key, target }: KeyboardEvent) => {
    if (key !== " " || !held) return;
    release();
    if (!used && target instanceof HTMLElement) tap(target);
  };
  window.addEventListener("keydown", press, { signal });
  window.addEventListener("keyup", lift, { signal, capture: true });
  window.addEventListener("blur", release, { signal });
}
