/** The keyboard on the canvas. */

import { type KeyboardEvent, type RefObject, useCallback, useEffect } from "react";
import { nodeId, type Point, type RecordId } from "@/document/records";
import { enterPanel } from "@/editor/panels-state";
import { activeDocument, type OpenDocument } from "@/editor/session";
import { setting } from "@/editor/settings";
import { type Direction, nextIn } from "@/geometry/direction";
import { within } from "@/geometry/rect";
import { text } from "@/i18n/language";
import { announce } from "@/ui/announce";
import { centreOn, freePart, giveFocus, panBy } from "./camera";
import { canvasState, setCanvasState } from "./canvas-state";
import { enter, leaveSheet } from "./editing";
import { moveBy, movedWith } from "./gestures/drag-items";
import { select, selected } from "./gestures/select-box";
import { useKeptFocus } from "./kept-focus";
import type { Scene } from "./scene";
import { leaveCanvas, widgetsIn } from "./tab-stops";

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const STEPS: Readonly<Record<Direction, Point>> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

/** Put the keyboard on a node or reroute: it is selected, brought into view and focused. */
function reach(scene: Scene, id: RecordId, extend = false): void {
  select(extend ? [...selected(), id] : [id]);
  const rect = scene.rectOf(id);
  if (rect && !within(rect, freePart())) centreOn(id);
  giveFocus(id);
}

/** Return the nodes that the wires led through a reroute lead to, or come from. */
const throughReroute = (scene: Scene, id: RecordId, forward: boolean): RecordId[] =>
  scene
    .wiresThrough(id)
    .map(({ record }) => nodeId(scene.scope, forward ? record.target : record.origin))
    .filter((other) => scene.nodes.has(other));

/** Return the nodes that the wires of a node or reroute lead to, or come from. */
function neighbours(scene: Scene, id: RecordId, forward: boolean): RecordId[] {
  const item = scene.nodes.get(id);
  if (!item) return throughReroute(scene, id, forward);
  const own = String(item.record.raw.id);
  const found: RecordId[] = [];
  for (const wire of scene.wiresAt(own)) {
    const link = scene.wires.get(wire)?.record;
    if (!link || String(forward ? link.origin : link.target) !== own) continue;
    const other = nodeId(scene.scope, forward ? link.target : link.origin);
    if (scene.nodes.has(other) && !found.includes(other)) found.push(other);
  }
  return found;
}

interface Keys {
  readonly scene: Scene;
  readonly stage: HTMLElement;
  /** The node, group or reroute that the keyboard is on. */
  readonly on: RecordId | undefined;
}

/** Move what is selected, or what the keyboard is on, and say where it is. */
function nudge({ scene, on }: Keys, [dx, dy]: Point, far: boolean): void {
  const step = far ? 100 : setting("snapToGrid") ? setting("gridSize") : 10;
  const moved = movedWith(scene, on !== undefined && !selected().has(on) ? [on] : selected());
  moveBy(scene, moved, [dx * step, dy * step], `nudge ${[...moved].join()}`);
  const place = on === undefined ? undefined : scene.rectOf(on);
  if (place) announce(text("canvas.movedTo", { x: Math.round(place.x), y: Math.round(place.y) }));
}

function onArrow(keys: Keys, event: KeyboardEvent, direction: Direction): void {
  const { scene, on } = keys;
  const [dx, dy] = STEPS[direction];
  if (event.altKey || event.ctrlKey || event.metaKey) {
    nudge(keys, [dx, dy], event.shiftKey);
    return;
  }
  const from = on === undefined ? undefined : scene.rectOf(on);
  if (on === undefined || !from) {
    panBy(-dx * 60, -dy * 60);
    return;
  }
  const next = nextIn(
    from,
    scene.reachable().filter(([id]) => id !== on),
    direction,
  );
  if (next !== undefined) reach(scene, next, event.shiftKey);
}

function follow({ scene, on }: Keys, forward: boolean): void {
  const next = on === undefined ? undefined : neighbours(scene, on, forward)[0];
  if (next !== undefined) reach(scene, next);
}

const firstOf = ({ scene }: Keys, last: boolean): void => {
  const id = last ? scene.order.at(-1) : scene.order[0];
  if (id !== undefined) reach(scene, id);
};

/** What keys do while the keyboard is on a node or on the canvas itself. Those of commands come besides. */
const ACTIONS: Readonly<Record<string, (keys: Keys) => void>> = {
  "[": (keys) => follow(keys, false),
  "]": (keys) => follow(keys, true),
  Home: (keys) => firstOf(keys, false),
  End: (keys) => firstOf(keys, true),
};

function onEnter({ scene, stage, on }: Keys): void {
  if (on === undefined) {
    firstOf({ scene, stage, on }, false);
    return;
  }
  if (!scene.nodes.has(on)) {
    enterPanel("inspector");
    return;
  }
  const element = stage.querySelector<HTMLElement>(`[data-node="${CSS.escape(on)}"]`);
  const first = element && widgetsIn(element)[0];
  const item = scene.nodes.get(on);
  if (first) first.focus();
  else if (item) enter(scene, item);
}

function onNodeKey(keys: Keys, event: KeyboardEvent): boolean {
  const direction = ARROWS[event.key];
  if (direction) onArrow(keys, event, direction);
  else if (event.ctrlKey || event.metaKey || event.altKey) return false;
  else if (event.key === "Enter") onEnter(keys);
  else if (event.key === "Escape" && !event.shiftKey) onEscape();
  else if (!ACTIONS[event.key]) return false;
  else ACTIONS[event.key]?.(keys);
  return true;
}

/** Escape selects nothing; where nothing is selected, it leaves the subgraph. */
function onEscape(): void {
  if (selected().size > 0) select([]);
  else leaveSheet();
}

/** Within a node, Escape goes back to it, and Tab stays among its widgets until the last one. */
function onWidgetKey(node: HTMLElement, event: KeyboardEvent): void {
  if (event.key === "Escape" && !event.defaultPrevented) {
    node.focus({ preventScroll: true });
    event.preventDefault();
    event.stopPropagation();
  }
  if (event.key !== "Tab") return;
  const widgets = widgetsIn(node);
  const next = widgets.indexOf(event.target as HTMLElement) + (event.shiftKey ? -1 : 1);
  const wanted = next < 0 ? node : widgets[next];
  if (wanted) {
    wanted.focus();
    event.preventDefault();
  } else leaveCanvas(node, false);
}

/** Fields that let go of the focus on Escape give it to their node, whatever they do with the key. */
function useEscapeToNode(element: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const stage = element.current;
    let escaped: HTMLElement | null = null;
    const onKey = (event: globalThis.KeyboardEvent) => {
      const node = (event.target as HTMLElement).closest<HTMLElement>("[data-node]");
      escaped = event.key === "Escape" && node !== event.target ? node : null;
    };
    const onLeave = ({ relatedTarget }: FocusEvent) => {
      const node = relatedTarget === null ? escaped : null;
      escaped = null;
      // The focus is on its way: it can be given again when it has left.
      if (node) queueMicrotask(() => node.focus({ preventScroll: true }));
    };
    stage?.addEventListener("keydown", onKey, { capture: true });
    stage?.addEventListener("focusout", onLeave);
    return () => {
      stage?.removeEventListener("keydown", onKey, { capture: true });
      stage?.removeEventListener("focusout", onLeave);
    };
  }, [element]);
}

/** Keys that move the focus. */
const MOVING: ReadonlySet<string> = new Set(["Tab", "F6", ...Object.keys(ARROWS)]);

/**
 * The ring around the whole canvas is for those who use the keyboard: mark the canvas while they do. Where
 * Tab comes in from outside, it comes to the node that the keyboard was on last, not to the nearest field.
 */
function useTabbing(element: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const stage = element.current;
    let tabbing = false;
    const note = (event: Event) => {
      const key = event.type === "keydown" ? (event as globalThis.KeyboardEvent).key : "";
      tabbing = key === "Tab";
      if (!stage) return;
      if (key === "") delete stage.dataset.keyboard;
      else if (MOVING.has(key)) stage.dataset.keyboard = "moving";
      else stage.dataset.keyboard ??= "used";
    };
    const onFocus = ({ target, relatedTarget }: FocusEvent) => {
      const inside = relatedTarget instanceof Node && stage?.contains(relatedTarget);
      const field = target instanceof HTMLElement && !target.matches("[data-node], [data-edge]");
      if (tabbing && !inside && field) {
        stage?.querySelector<HTMLElement>('[data-node][tabindex="0"]')?.focus({ preventScroll: true });
      }
    };
    window.addEventListener("keydown", note, { capture: true });
    window.addEventListener("pointerdown", note, { capture: true });
    stage?.addEventListener("focusin", onFocus);
    return () => {
      window.removeEventListener("keydown", note, { capture: true });
      window.removeEventListener("pointerdown", note, { capture: true });
      stage?.removeEventListener("focusin", onFocus);
    };
  }, [element]);
}

/** Return what handles keys on the canvas. */
export function useCanvasKeys(
  { id }: OpenDocument,
  scene: Scene,
  element: RefObject<HTMLDivElement | null>,
): (event: KeyboardEvent) => void {
  useEffect(() => {
    if (activeDocument()?.id === id) setCanvasState({ focused: null, renaming: null, joining: null });
  }, [id]);
  useEscapeToNode(element);
  useTabbing(element);
  useKeptFocus(scene, element);
  return useCallback(
    (event: KeyboardEvent) => {
      const stage = element.current;
      const target = event.target as HTMLElement;
      const node = target.closest<HTMLElement>("[data-node]");
      if (!stage || canvasState().renaming) return;
      if (node && node !== target) onWidgetKey(node, event);
      else if (event.key === "Tab") leaveCanvas(target, event.shiftKey);
      else if (onNodeKey({ scene, stage, on: node?.dataset.node }, event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    [scene, element],
  );
}
