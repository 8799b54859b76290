/** Changing a number by dragging it sideways. */

import { type PointerEvent, useRef } from "react";
import type { Json } from "@/document/records";
import type { NumberRule } from "@/values/number-rule";
import type { ValueDrag, WidgetBinding } from "../widget-binding";

/** Pixels that a press may wander before it is a drag. */
const SLACK = 4;
/** Pixels for one step. */
const STEP = 6;

interface Press {
  readonly pointer: number;
  readonly x: number;
  readonly from: Json;
  drag: ValueDrag | null;
  /** Steps so far: kept apart from the value, so that slow drags and limits lose nothing. */
  steps: number;
  last: number;
}

/** Some window managers keep Alt and drag to themselves: Ctrl does the same. */
const isFine = (event: PointerEvent): boolean => event.altKey || event.ctrlKey;

/** How far one pixel goes: Shift goes fast, Alt or Ctrl slowly. */
const speedOf = (event: PointerEvent): number => (event.shiftKey ? 10 : isFine(event) ? 0.1 : 1);

function dragged(press: Press, event: PointerEvent<HTMLElement>, rule: NumberRule, slider: boolean): Json {
  if (slider) {
    const box = event.currentTarget.getBoundingClientRect();
    const value = rule.at(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
    if (value !== undefined) return value;
  }
  press.steps += ((event.clientX - press.last) / STEP) * speedOf(event);
  press.last = event.clientX;
  return rule.move(press.from, isFine(event) ? Number(press.steps.toFixed(1)) : Math.trunc(press.steps));
}

/**
 * Return the handlers of an element that is dragged to change a number; the whole drag is one step of undo.
 *
 * @param slider A place on the element stands for a share of the range.
 * @param onClick Called for a press that was no drag.
 */
export function useScrub(binding: WidgetBinding, rule: NumberRule, slider: boolean, onClick: () => void) {
  const press = useRef<Press | null>(null);
  const cancel = () => {
    press.current?.drag?.cancel();
    press.current = null;
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      const x = event.clientX;
      press.current = { pointer: event.pointerId, x, from: binding.get(), drag: null, steps: 0, last: x };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const now = press.current;
      if (now?.pointer !== event.pointerId) return;
      if (!now.drag && Math.abs(event.clientX - now.x) < SLACK) return;
      now.drag ??= binding.drag();
      now.drag.move(dragged(now, event, rule, slider));
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const now = press.current;
      if (now?.pointer !== event.pointerId) return;
      press.current = null;
      if (now.drag) now.drag.end();
      else onClick();
    },
    onPointerCancel: cancel,
    onLostPointerCapture: () => {
      if (press.current?.drag) cancel();
    },
  };
}
