/** How the canvas is looked at, and what moves the view. Lives outside React: it changes with every frame. */

import { useSyncExternalStore } from "react";
import type { Point, RecordId, Scope } from "@/document/records";
import { activeDocument, shownScope, useSession } from "@/editor/session";
import { middle, type Rect, within } from "@/geometry/rect";
import { centredOn, fitted, shownPart, toCanvas, type View, zoomedAt } from "@/geometry/view";
import { setCanvasState } from "./canvas-state";
import type { Scene } from "./scene";

/** What draws the canvas and can move its view. */
export interface Stage {
  /** Move the view, within `duration` ms. */
  move(view: View, duration: number): void;
  /** The element that the canvas fills. */
  readonly element: HTMLElement;
}

interface Camera {
  view: View;
  width: number;
  height: number;
  /** How much of the canvas lies under a panel that came up from below, in CSS pixels. */
  covered: number;
  /** Where the view is moving to, and until when, in ms of the page's clock. */
  aim: { readonly view: View; readonly until: number } | null;
  stage: Stage | null;
  scene: Scene | null;
  /** Whether everything is shown, and nobody has moved the view since. */
  fitted: boolean;
}

const camera: Camera = {
  view: { x: 0, y: 0, zoom: 1 },
  width: 0,
  height: 0,
  covered: 0,
  aim: null,
  stage: null,
  scene: null,
  fitted: false,
};
const listeners = new Set<() => void>();
/** What should be shown as soon as the sheet it is on is drawn. */
let wanted: { readonly scope: Scope; readonly run: () => void } | null = null;

/** Hear of every move of the view; returns the function that ends this. */
export function onCamera(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = () => {
  for (const listener of [...listeners]) listener();
};

/** How the canvas is looked at now. */
export const cameraView = (): View => camera.view;
/** Size of the canvas in CSS pixels. */
export const cameraSize = (): readonly [number, number] => [camera.width, camera.height];
/** The part of the canvas that is seen. */
export const seenPart = (): Rect => shownPart(camera.view, camera.width, camera.height);
/** Least height in CSS pixels in which something can be looked at; a panel that leaves less covers everything. */
const LEAST_ROOM = 120;
/** Height of the part of the canvas that no panel covers, in CSS pixels. */
const roomHeight = (): number =>
  camera.height - camera.covered >= LEAST_ROOM ? camera.height - camera.covered : camera.height;
/** The part of the canvas that is seen and that no panel covers. */
export const freePart = (): Rect => shownPart(camera.view, camera.width, roomHeight());
/** The sheet that is drawn now. */
export const shownScene = (): Scene | null => camera.scene;

/** The element that the canvas fills; null while there is none. */
export const cameraElement = (): HTMLElement | null => camera.stage?.element ?? null;

/** Say how the canvas is looked at now. For the canvas itself. */
export function reportView(view: View): void {
  camera.view = view;
  tell();
}

/** Say that the view shows everything, or no longer does so because somebody moved it. For the canvas itself. */
export function reportFitted(fitted: boolean): void {
  camera.fitted = fitted;
}

/**
 * Say how large the canvas is now. For the canvas itself. Where everything was shown, everything still is: a
 * panel that opens covers no result.
 */
export function reportSize(width: number, height: number): void {
  // A keyboard on the screen takes height only: what is typed into must not move away under it.
  const wider = camera.width !== width;
  camera.width = width;
  camera.height = height;
  tell();
  if (wider && camera.fitted) fitView();
}

/** Say how many CSS pixels of the canvas a panel covers from below. For what lays out the panels. */
export function reportCovered(height: number): void {
  camera.covered = height;
}

/** Say what draws the canvas. For the canvas itself. */
export function bindStage(stage: Stage | null): void {
  camera.stage = stage;
}

/** Say which sheet is drawn. For the canvas itself. */
export function bindScene(scene: Scene | null): void {
  camera.scene = scene;
  if (!scene || wanted?.scope !== scene.scope) return;
  const { run } = wanted;
  wanted = null;
  run();
}

/** Return the zoom, drawn anew when it changes. */
export const useZoom = (): number => useSyncExternalStore(onCamera, () => camera.view.zoom);

/** Time in ms that a move of the view takes: none where the system or the settings ask for no motion. */
const calm = (): number =>
  matchMedia("(prefers-reduced-motion: reduce)").matches ||
  document.documentElement.dataset.motion === "reduced"
    ? 0
    : 220;

/** Move the view; calmly, unless `duration` (in ms) says otherwise. */
export function moveTo(view: View, duration?: number): void {
  camera.fitted = false;
  const time = camera.stage ? (duration ?? calm()) : 0;
  camera.aim = { view, until: performance.now() + time };
  camera.stage?.move(view, time);
}

/** Return the view that shows some things, or all, as large as they can be but no larger than 100 %. */
export function viewOf(scene: Scene, ids?: Iterable<RecordId>): View | undefined {
  const rect = scene.bounds(ids);
  if (!rect || camera.width === 0) return undefined;
  const narrow = camera.width < 640;
  const edge = narrow ? 16 : 56;
  return fitted(rect, camera.width, roomHeight(), {
    insets: { top: edge, left: edge, right: edge, bottom: narrow ? 72 : edge },
  });
}

/** Show everything on the sheet, or some of it. */
export function fitView(ids?: Iterable<RecordId>): void {
  const view = camera.scene && viewOf(camera.scene, ids);
  if (!view) return;
  moveTo(view);
  camera.fitted = ids === undefined;
}

/** Zoom by a factor about the middle of the canvas, or about a point of it in CSS pixels. */
export function zoomBy(factor: number, about: Point = [camera.width / 2, camera.height / 2]): void {
  const { aim } = camera;
  const quick = aim !== null && performance.now() < aim.until;
  // Steps that follow each other quickly add up, although the view has not come to where the last one leads.
  const from = quick ? aim.view : camera.view;
  const view = zoomedAt(from, about, from.zoom * factor);
  // They jump, too: under a key that is held down a glide would begin again and again, and get nowhere.
  moveTo(view, quick ? 0 : undefined);
  camera.aim = { view, until: performance.now() + QUICK };
}

/** Time in ms within which a step of zoom counts as following the last one quickly. */
const QUICK = 220;

/** Set the zoom about the middle of the canvas; 1 is 100 %. */
export function zoomTo(zoom: number): void {
  moveTo(zoomedAt(camera.view, [camera.width / 2, camera.height / 2], zoom));
}

/** Move the view by CSS pixels. */
export function panBy(dx: number, dy: number): void {
  const { x, y, zoom } = camera.view;
  moveTo({ x: x + dx, y: y + dy, zoom }, 0);
}

/** Return the canvas point under a point of the window. */
export function screenToCanvas([x, y]: Point): Point {
  const corner = camera.stage?.element.getBoundingClientRect();
  return toCanvas(camera.view, [x - (corner?.left ?? 0), y - (corner?.top ?? 0)]);
}

/** Return the canvas point in the middle of what is seen. */
export const canvasPointAtCentre = (): Point => middle(freePart());

/** Return the sheets from the root to one that holds a scope, by way of instances; undefined where there is none. */
function wayTo(scope: Scope): readonly Scope[] | undefined {
  const document = activeDocument();
  if (!document) return undefined;
  const open = document.scopes.indexOf(scope);
  if (open >= 0) return document.scopes.slice(0, open + 1);
  const parents = new Map<Scope, Scope>();
  for (const record of document.store.records.values()) {
    if (record.kind === "node" && !parents.has(record.raw.type)) parents.set(record.raw.type, record.scope);
  }
  const way: Scope[] = [scope];
  for (let up = parents.get(scope); up !== undefined && !way.includes(up); up = parents.get(up))
    way.unshift(up);
  return way[0] === "root" ? way : undefined;
}

/** Show the sheet of a scope, then do something on it. */
function onSheet(scope: Scope, run: () => void): void {
  const document = activeDocument();
  if (!document) return;
  if (camera.scene?.scope === scope && camera.scene.store === document.store) {
    run();
    return;
  }
  wanted = { scope, run };
  if (shownScope(document) === scope) return;
  const way = wayTo(scope);
  if (way) useSession.getState().amend(document.id, { scopes: way, selection: new Set() });
}

/** Show a node, group or reroute in the middle, at no less than 60 %; opens the sheet that it is on. */
export function centreOn(id: RecordId): void {
  const record = activeDocument()?.store.get(id);
  if (!record) return;
  onSheet(record.scope, () => {
    const rect = camera.scene?.rectOf(id);
    if (!rect) return;
    const zoom = Math.max(camera.view.zoom, 0.6);
    const top = roomHeight() < camera.height ? TOOLBAR : 0;
    const view = centredOn({ ...camera.view, zoom }, middle(rect), camera.width, roomHeight() + top);
    // Of what is higher than the room, the top is what tells most.
    moveTo({ ...view, y: Math.max(view.y, Math.max(top, EDGE) - rect.y * zoom) });
  });
}

/** Space above a thing that is higher than the room for it, in CSS pixels. */
const EDGE = 16;
/** Height of the buttons above what is selected, in CSS pixels; where a panel leaves little room, they lie at its top. */
const TOOLBAR = 60;

/** Bring a thing on the shown sheet into view; nothing moves where it can be read already. */
export function reveal(id: RecordId): void {
  const rect = camera.scene?.rectOf(id);
  if (!rect || camera.view.zoom < 0.45 || !within(rect, freePart())) centreOn(id);
}

/** Show a node, group or reroute, select it and give it the keyboard's focus. */
export function focusNode(id: RecordId): void {
  const record = activeDocument()?.store.get(id);
  if (!record) return;
  reveal(id);
  onSheet(record.scope, () => {
    const document = activeDocument();
    if (document) useSession.getState().amend(document.id, { selection: new Set([id]) });
    giveFocus(id);
  });
}

/** Give the keyboard's focus to a node, group or reroute of the sheet that is drawn; nothing moves. */
export function giveFocus(id: RecordId): void {
  setCanvasState({ focused: id });
  focusElement(id, FRAMES);
}

/** Give the keyboard's focus to the canvas itself. */
export const focusStage = (): void =>
  camera.stage?.element.querySelector<HTMLElement>("[role=application]")?.focus({ preventScroll: true });

/** Frames within which a node that the keyboard comes to is mounted. */
const FRAMES = 10;

function focusElement(id: RecordId, frames: number): void {
  requestAnimationFrame(() => {
    const stage = camera.stage?.element;
    const found = stage?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);
    if (!found && frames > 0) focusElement(id, frames - 1);
    else if (found) found.focus({ preventScroll: true });
    else focusStage();
  });
}
