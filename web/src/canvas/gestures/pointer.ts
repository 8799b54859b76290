/** Listens to the pointer on the canvas and turns what it does into gestures. The view itself is moved elsewhere. */

import type { Point, RecordId } from "@/document/records";
import { openPanel } from "@/editor/panels-state";
import { setting } from "@/editor/settings";
import { pointAt } from "@/geometry/bezier";
import { cameraView, panBy, screenToCanvas, shownScene } from "../camera";
import { canvasState, setCanvasState } from "../canvas-state";
import { enter, rerouteWire } from "../editing";
import { type Hit, hitAt, hitOn, reachAt } from "../hit";
import { openNodeSearch } from "../node-search";
import type { NodeItem, Scene } from "../scene";
import type { Gesture, Press } from "./gesture";
import { panView } from "./pan";
import { pressedId, pressOn } from "./press-on";
import { select, selected } from "./select-box";
import { isSpaceHeld, listenToSpace, spendSpace } from "./space-bar";
import { dropTap, endTap } from "./tap-wire";

/** Distance in CSS pixels from which a press counts as a drag. */
const SLACK = { mouse: 3, touch: 9 } as const;
/** Time between two clicks, in ms, and distance, that make a double click. */
const DOUBLE = { time: 400, distance: 8 } as const;
/** Time in ms after which a click on a wire is no longer the first of two. */
const SECOND_CLICK = 220;
/** Width of the strip at the edges in which dragging moves the view, and the most it moves in a frame. */
const EDGE = 28;
const EDGE_SPEED = 14;

/** Controls that take the pointer themselves. */
const CONTROLS = "input, textarea, select, button, a, summary, [role], [contenteditable=true], .nopan";

interface Held {
  readonly id: number;
  readonly begin: Press;
  readonly hit: Hit;
  readonly gesture: Gesture | undefined;
  moved: boolean;
  last: PointerEvent;
}

/** Return whether a target is a control of a node, or lies on something that floats over the canvas. */
function isControl(target: EventTarget | null, stage: HTMLElement): boolean {
  if (!(target instanceof Element)) return false;
  const control = target.closest(CONTROLS);
  return (
    control !== null &&
    control !== stage &&
    stage.contains(control) &&
    !control.matches("[data-node], [role=application]")
  );
}

const pressOf = (event: PointerEvent | MouseEvent): Press => ({
  at: screenToCanvas([event.clientX, event.clientY]),
  screen: [event.clientX, event.clientY],
  shift: event.shiftKey,
  alt: event.altKey,
  mod: event.ctrlKey || event.metaKey,
  touch: "pointerType" in event && event.pointerType === "touch",
});

const hitOf = (scene: Scene, press: Press): Hit =>
  hitAt(scene, press.at, reachAt(cameraView().zoom, press.touch), setting("linkStyle") !== "hidden");

/** Turns presses on an element into gestures. */
export class Pointer {
  #stage: HTMLElement;
  #held: Held | null = null;
  #touches = new Set<number>();
  /** Whether the mouse events that a browser makes of the touch that is ending are to be left out. */
  #swallow = false;
  #click: { time: number; screen: Point } = { time: 0, screen: [0, 0] };
  #frame = 0;
  #menuTimer: ReturnType<typeof setTimeout> | undefined;
  #ends: AbortController = new AbortController();
  /** What was pressed last with any button, for the menu that may follow. */
  lastHit: Hit = { kind: "empty" };
  lastPress: Press = { at: [0, 0], screen: [0, 0], shift: false, alt: false, mod: false, touch: false };

  constructor(stage: HTMLElement) {
    this.#stage = stage;
    const { signal } = this.#ends;
    const early = { capture: true, signal } as const;
    stage.addEventListener("pointerdown", (event) => this.#down(event), early);
    for (const type of ["mousedown", "mouseup", "click"] as const) {
      window.addEventListener(type, (event) => this.#leaveOut(event), early);
    }
    stage.addEventListener("mousedown", (event) => this.#claim(event), early);
    stage.addEventListener("touchstart", (event) => this.#claim(event), { ...early, passive: true });
    stage.addEventListener("contextmenu", (event) => this.#menu(event), early);
    stage.addEventListener("pointermove", (event) => this.#hover(event), { signal });
    stage.addEventListener("pointerleave", () => this.#leave(), { signal });
    window.addEventListener("pointermove", (event) => this.#move(event), { signal });
    window.addEventListener("pointerdown", () => this.#pressedAgain(), early);
    window.addEventListener("pointerup", (event) => this.#up(event), { signal });
    window.addEventListener("pointercancel", (event) => this.#cancelled(event), { signal });
    window.addEventListener("keydown", (event) => this.#key(event), { capture: true, signal });
    window.addEventListener("blur", () => this.cancel(), { signal });
    listenToSpace(stage, signal);
  }

  /** Listen no more. */
  stop(): void {
    this.cancel();
    dropTap();
    clearTimeout(this.#menuTimer);
    this.#ends.abort();
  }

  /** Put back what is going on. */
  cancel(): void {
    const held = this.#held;
    this.#release();
    if (held?.moved) held.gesture?.cancel();
  }

  #release(): void {
    this.#held = null;
    delete this.#stage.dataset.panning;
    cancelAnimationFrame(this.#frame);
  }

  #down(event: PointerEvent): void {
    if (event.pointerType === "touch") this.#touches.add(event.pointerId);
    if (this.#touches.size > 1) {
      this.cancel();
      return;
    }
    const scene = shownScene();
    if (!scene || this.#held) return;
    const press = pressOf(event);
    const hit = hitOf(scene, press);
    this.lastHit = hit;
    this.lastPress = press;
    if (event.button === 1 || (event.button === 0 && isSpaceHeld())) {
      this.#pan(event, press, hit);
      return;
    }
    if (event.button !== 0) return;
    if (isControl(event.target, this.#stage)) {
      this.#onControl(event, press);
      return;
    }
    this.#focus(hit);
    clearTimeout(this.#menuTimer);
    setCanvasState({ wireMenu: null });
    this.#hold(event, press, hit, this.#gestureOf(scene, hit, press));
  }

  #hold(event: PointerEvent, begin: Press, hit: Hit, gesture: Gesture | undefined): void {
    this.#held = { id: event.pointerId, begin, hit, gesture, moved: false, last: event };
  }

  /** The middle button, or the space bar, moves the view over fields too: these do not get the press. */
  #pan(event: PointerEvent, press: Press, hit: Hit): void {
    spendSpace();
    event.preventDefault();
    event.stopPropagation();
    this.#stage.dataset.panning = "";
    this.#hold(event, press, hit, panView(press));
  }

  /** A finger moves the view on everything that it did not select before; only then it moves things. */
  #gestureOf(scene: Scene, hit: Hit, press: Press): Gesture | undefined {
    const id = pressedId(hit);
    const onUnselected = press.touch && id !== undefined && hit.kind !== "socket" && !selected().has(id);
    return onUnselected ? undefined : pressOn(scene, hit, press);
  }

  /** Pressing on a widget selects its node. */
  #onControl(event: PointerEvent, press: Press): void {
    if (press.shift || press.mod) return;
    const id = (event.target as Element).closest<HTMLElement>("[data-node]")?.dataset.node;
    if (id !== undefined && !selected().has(id)) select([id]);
  }

  /**
   * A menu came up while the pointer was held down: the press is over, and so is the click that it may end in.
   * It is about what was pressed; not every system tells of a long press by an event of its own.
   */
  menuOpened(): void {
    this.cancel();
    this.#swallow = this.#touches.size > 0;
    this.#selectHit();
  }

  #pressedAgain(): void {
    this.#swallow = false;
  }

  /** The menu may have come up right under the finger: its end must not choose from it. */
  #leaveOut(event: Event): void {
    if (!this.#swallow) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Keep a press that became a gesture from moving the view as well, and from selecting text. */
  #claim(event: Event): void {
    if (!this.#held) return;
    if (event.type === "mousedown") event.preventDefault();
    if (this.#held.gesture && this.#touches.size < 2) event.stopPropagation();
  }

  /** Give the focus to the node that was pressed, else to the canvas. */
  #focus(hit: Hit): void {
    const id = pressedId(hit);
    const node =
      id === undefined ? null : this.#stage.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);
    const canvas = this.#stage.querySelector<HTMLElement>("[role=application]");
    (node ?? canvas)?.focus({ preventScroll: true });
    if (id !== undefined) setCanvasState({ focused: id });
  }

  #move(event: PointerEvent): void {
    const held = this.#held;
    if (!held || held.id !== event.pointerId) return;
    held.last = event;
    const press = pressOf(event);
    const [dx, dy] = [press.screen[0] - held.begin.screen[0], press.screen[1] - held.begin.screen[1]];
    const slack = press.touch ? SLACK.touch : SLACK.mouse;
    if (!held.moved && Math.hypot(dx, dy) < slack) return;
    if (!held.moved && held.gesture && !held.gesture.steady) this.#edges();
    held.moved = true;
    held.gesture?.move(press);
  }

  /** Move the view while something is dragged at its edge. */
  #edges(): void {
    this.#frame = requestAnimationFrame(() => {
      const held = this.#held;
      if (!held?.gesture) return;
      const { left, top, right, bottom } = this.#stage.getBoundingClientRect();
      const { clientX, clientY } = held.last;
      const pull = (low: number, high: number) =>
        low < EDGE ? Math.min(1, 1 - low / EDGE) : high < EDGE ? -Math.min(1, 1 - high / EDGE) : 0;
      const [x, y] = [pull(clientX - left, right - clientX), pull(clientY - top, bottom - clientY)];
      if (x !== 0 || y !== 0) {
        panBy(x * EDGE_SPEED, y * EDGE_SPEED);
        held.gesture.move(pressOf(held.last));
      }
      this.#edges();
    });
  }

  #up(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    const held = this.#held;
    if (!held || held.id !== event.pointerId) return;
    this.#release();
    const press = pressOf(event);
    if (held.moved) held.gesture?.end(press);
    else this.#clicked(held, press);
  }

  #clicked(held: Held, press: Press): void {
    if (held.gesture?.steady) return;
    const now = performance.now();
    const { time, screen } = this.#click;
    const near = Math.hypot(press.screen[0] - screen[0], press.screen[1] - screen[1]) < DOUBLE.distance;
    const twice = now - time < DOUBLE.time && near;
    this.#click = { time: twice ? 0 : now, screen: press.screen };
    const scene = shownScene();
    if (!scene || (endTap(scene, press) && !twice)) return;
    if (twice) {
      held.gesture?.cancel();
      this.#doubleClicked(scene, held.hit, press);
    } else if (held.hit.kind === "wire" && !press.alt) this.#clickedWire(held.hit.wire.id, press);
    else if (held.gesture?.click) held.gesture.click(press);
    else if (held.gesture === undefined) this.#plainClick(held.hit);
  }

  /** A click on a wire opens its menu, unless a second one follows. */
  #clickedWire(id: RecordId, { screen }: Press): void {
    this.#menuTimer = setTimeout(() => setCanvasState({ wireMenu: { id, at: screen } }), SECOND_CLICK);
  }

  #plainClick(hit: Hit): void {
    const id = pressedId(hit);
    select(id === undefined ? [] : [id]);
  }

  #doubleClicked(scene: Scene, hit: Hit, press: Press): void {
    setCanvasState({ wireMenu: null });
    if (hit.kind === "empty") openNodeSearch({ position: press.at });
    else if (press.touch && "item" in hit && hit.item) this.#tappedTwice(scene, hit.item);
    else if (hit.kind === "title") setCanvasState({ renaming: hit.item.id });
    else if (hit.kind === "body") enter(scene, hit.item);
    else if (hit.kind === "group-title") setCanvasState({ renaming: hit.id });
    else if (hit.kind === "wire") {
      const curve = hit.wire.curves[hit.curve];
      if (curve) rerouteWire(scene, hit.wire.id, pointAt(curve, hit.t), hit.curve);
    }
  }

  /** Fingers have no use for titles and sockets of a few pixels: they get all of the node in the inspector. */
  #tappedTwice(scene: Scene, item: NodeItem): void {
    if (!enter(scene, item)) openPanel("inspector");
  }

  #cancelled(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    if (this.#held?.id === event.pointerId) this.cancel();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") dropTap();
    if (event.key !== "Escape" || !this.#held?.moved) return;
    this.cancel();
    event.stopPropagation();
  }

  /** The menu is that of what is under the pointer; text fields keep their own. */
  #menu(event: MouseEvent): void {
    if (event.target instanceof Element && event.target.closest("input, textarea")) {
      event.stopPropagation();
      return;
    }
    const scene = shownScene();
    if (!scene) return;
    const focused = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
    const byKey = focused !== undefined && event.button !== 2 ? hitOn(scene, focused) : undefined;
    this.lastPress = pressOf(event);
    this.lastHit = byKey ?? hitOf(scene, this.lastPress);
    this.cancel();
    this.#selectHit();
  }

  #selectHit(): void {
    const id = pressedId(this.lastHit);
    if (id !== undefined && !selected().has(id)) select([id]);
  }

  #hover(event: PointerEvent): void {
    const scene = shownScene();
    if (!scene || this.#held || event.pointerType === "touch" || event.buttons !== 0) return;
    const hit: Hit = isControl(event.target, this.#stage) ? { kind: "empty" } : hitOf(scene, pressOf(event));
    const hovered: RecordId | null = hit.kind === "wire" ? hit.wire.id : null;
    if (canvasState().hoveredWire !== hovered) setCanvasState({ hoveredWire: hovered });
    this.#stage.dataset.cursor = hit.kind;
  }

  #leave(): void {
    if (canvasState().hoveredWire !== null) setCanvasState({ hoveredWire: null });
  }
}
