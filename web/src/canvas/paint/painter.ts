/**
 * Paints the sheet on two canvas elements: everything on the lower one, what is dragged, selected or pointed
 * at on the upper one.
 *
 * The lower one reaches beyond the view. Where painting takes too long for every frame, the last painting is
 * moved and stretched with the view, and done anew when it can be afforded.
 */

import type { RecordId } from "@/document/records";
import { overlap, type Rect, within } from "@/geometry/rect";
import { shownPart, type View } from "@/geometry/view";
import { cameraSize, cameraView } from "../camera";
import { canvasState } from "../canvas-state";
import type { NodeItem, Scene, WireItem } from "../scene";
import { theme } from "../theme-colors";
import { type Brush, detailAt } from "./brush";
import { movingWires } from "./moving-wires";
import { paintDots } from "./paint-dots";
import { paintEnd, paintGroups } from "./paint-groups";
import { paintLooseWires } from "./paint-loose-wires";
import { paintNode } from "./paint-node";
import { paintTop } from "./paint-top";
import { paintReroutes, paintWires } from "./paint-wires";
import type { PainterInput } from "./painter-input";
import { runMarks } from "./run-marks";

/** Share of the view's size that the lower canvas reaches beyond each edge. */
const MARGIN = 0.2;
/** Painting of at most this many ms is done in every frame. */
const CHEAP = 7;
/** Time without moves, in ms, after which the view is at rest. */
const REST = 90;
const MAX_RATIO = 2;
const NONE: ReadonlySet<RecordId> = new Set();

/** Paints when asked to, once a frame at most. */
export class Painter {
  #base: CanvasRenderingContext2D;
  #top: CanvasRenderingContext2D;
  #input: PainterInput;
  #painted: View = { x: 0, y: 0, zoom: 1 };
  /** The part of the canvas that the last painting shows. */
  #covered: Rect = { x: 0, y: 0, width: 0, height: 0 };
  #topEmpty = false;
  #cost = 0;
  #paintedAt = 0;
  #margin = [0, 0];
  #size = [0, 0];
  #frame = 0;
  /** The frame in which was painted last. */
  #drawnAt: CSSNumberish | null = null;
  #stale = { base: true, top: true, view: true };
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(base: HTMLCanvasElement, top: HTMLCanvasElement, input: PainterInput) {
    this.#base = contextOf(base, false);
    this.#top = contextOf(top, true);
    this.#input = input;
  }

  /** The document, or what is shown of it, has changed. */
  invalidate(): void {
    this.#stale.base = true;
    this.#stale.top = true;
    this.#ask();
  }

  /** What is dragged, selected or pointed at has changed. */
  invalidateTop(): void {
    this.#stale.top = true;
    this.#ask();
  }

  /** The view was moved. */
  moved(): void {
    this.#stale.view = true;
    this.#stale.top = true;
    // What moves the view in a frame has moved the mounted nodes too: the painting must not come one frame later.
    if (this.#drawnAt === document.timeline.currentTime) this.#ask();
    else this.#draw();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      if (this.#exact()) return;
      this.#stale.base = true;
      this.#ask();
    }, REST);
  }

  /** Paint nothing any more. */
  stop(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#rest);
    this.#frame = -1;
  }

  #exact(): boolean {
    const view = cameraView();
    const seen = shownPart(view, ...cameraSize());
    return this.#painted.zoom === view.zoom && within(seen, this.#covered) && this.#aligned();
  }

  /** Whether the last painting lies on whole pixels: only then it is as sharp as a new one. */
  #aligned(): boolean {
    const view = cameraView();
    const off = (value: number) => Math.abs(value - Math.round(value)) > 0.02;
    return !off(view.x - this.#painted.x) && !off(view.y - this.#painted.y);
  }

  #ask(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    if (this.#frame < 0) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#drawnAt = document.timeline.currentTime;
    this.#fitElements();
    if (this.#stale.base || (this.#stale.view && this.#mustRepaint())) this.#paintBase();
    else if (this.#stale.view) this.#moveBase();
    if (this.#stale.top) this.#paintTop();
    this.#stale = { base: false, top: false, view: false };
  }

  #mustRepaint(): boolean {
    if (this.#cost <= CHEAP) return true;
    const view = cameraView();
    const stretch = view.zoom / this.#painted.zoom;
    const fits = stretch > 0.6 && stretch < 1.9 && within(shownPart(view, ...cameraSize()), this.#covered);
    return !fits && performance.now() - this.#paintedAt > 5 * this.#cost;
  }

  #fitElements(): void {
    const [width, height] = cameraSize();
    const ratio = pixelRatio();
    if (this.#size[0] === width * ratio && this.#size[1] === height * ratio) return;
    this.#size = [width * ratio, height * ratio];
    this.#margin = [Math.round(width * MARGIN), Math.round(height * MARGIN)];
    const [mx = 0, my = 0] = this.#margin;
    sizeCanvas(this.#base.canvas, width + 2 * mx, height + 2 * my, ratio);
    sizeCanvas(this.#top.canvas, width, height, ratio);
    this.#base.canvas.style.left = `${-mx}px`;
    this.#base.canvas.style.top = `${-my}px`;
    this.#topEmpty = false;
    this.#stale = { base: true, top: true, view: true };
  }

  #moveBase(): void {
    const view = cameraView();
    const [mx = 0, my = 0] = this.#margin;
    const stretch = view.zoom / this.#painted.zoom;
    const x = view.x + mx - stretch * (this.#painted.x + mx);
    const y = view.y + my - stretch * (this.#painted.y + my);
    this.#base.canvas.style.transform = `translate(${x}px, ${y}px) scale(${stretch})`;
  }

  #paintBase(): void {
    const begin = performance.now();
    const view = cameraView();
    const [width, height] = cameraSize();
    const ahead = this.#cost > CHEAP;
    const [mx = 0, my = 0] = ahead ? this.#margin : [0, 0];
    const [left = 0, top = 0] = this.#margin;
    const ratio = pixelRatio();
    const ctx = this.#base;
    this.#covered = shownPart({ ...view, x: view.x + mx, y: view.y + my }, width + 2 * mx, height + 2 * my);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left - mx, top - my, width + 2 * mx, height + 2 * my);
    ctx.clip();
    ctx.fillStyle = theme().background;
    ctx.fillRect(left - mx, top - my, width + 2 * mx, height + 2 * my);
    ctx.transform(view.zoom, 0, 0, view.zoom, view.x + left, view.y + top);
    this.#paintSheet({ ctx, view, theme: theme() }, this.#covered);
    ctx.restore();
    ctx.canvas.style.transform = "";
    this.#painted = view;
    this.#paintedAt = performance.now();
    this.#cost = this.#paintedAt - begin;
  }

  #paintSheet(brush: Brush, part: Rect): void {
    const scene = this.#input.scene();
    paintDots(brush, part);
    if (!scene) return;
    const dragged = canvasState().drag?.ids;
    const stays = dragged ? (id: RecordId) => !dragged.has(id) : undefined;
    paintGroups(brush, scene, part, stays && { only: stays });
    const left = leftOut(scene, dragged, canvasState().wiring?.taken ?? NONE);
    paintWires(brush, scene, part, this.#input.wireStyle(), left);
    paintLooseWires(brush, scene, stays && { only: (through) => through.every(stays) });
    paintReroutes(brush, scene, part, stays && { only: stays });
    const detail = detailAt(brush.view.zoom);
    for (const end of scene.ends)
      if (overlap(end.rect, part)) paintEnd(brush, end, this.#input.endTitle(end.side));
    for (const id of scene.order) {
      const item = scene.nodes.get(id);
      if (item && overlap(item.box, part) && !dragged?.has(id)) paintNode(brush, item as NodeItem, detail);
    }
  }

  /** Whether there is nothing on the upper canvas: then it is left alone, for it is as large as the view. */
  #nothingOnTop(): boolean {
    const { drag, hoveredWire } = canvasState();
    return !drag && !hoveredWire && this.#input.selection().size === 0 && runMarks().size === 0;
  }

  #paintTop(): void {
    const empty = this.#nothingOnTop();
    if (empty && this.#topEmpty) return;
    this.#topEmpty = empty;
    const ctx = this.#top;
    const ratio = pixelRatio();
    const [width, height] = cameraSize();
    const view = cameraView();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    const scene = this.#input.scene();
    if (!scene) return;
    ctx.transform(view.zoom, 0, 0, view.zoom, view.x, view.y);
    paintTop({ ctx, view, theme: theme() }, scene, shownPart(view, width, height), this.#input);
  }
}

/** Return which wires the upper canvas draws instead: those that move, and the one that is being moved. */
function leftOut(scene: Scene, dragged: ReadonlySet<RecordId> | undefined, taken: ReadonlySet<RecordId>) {
  if (!dragged && taken.size === 0) return undefined;
  const moving = dragged ? movingWires(scene, dragged) : NONE;
  return ({ id }: WireItem) => taken.has(id) || moving.has(id);
}

const pixelRatio = (): number => Math.min(MAX_RATIO, globalThis.devicePixelRatio || 1);

function sizeCanvas(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

function contextOf(canvas: HTMLCanvasElement, alpha: boolean): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { alpha });
  if (!context) throw new Error("this browser cannot draw on a canvas");
  return context;
}
