/** The window in which a mask is painted: what pointers, wheels and keys do there. */

import type { PaintMode } from "./mask-bitmap";
import { drawMasked } from "./mask-drawing";
import type { MaskedPicture } from "./mask-file";
import { resizeBrush, TOOLS, type Tool, useTools } from "./mask-tools";
import { type MaskView, type Spot, scaledAt, toPicture, wholePicture } from "./mask-view";

interface Held extends Spot {
  readonly id: number;
}

const FULL = 1;

/** Binds a canvas to a mask until `close`. */
export class MaskStage {
  #canvas: HTMLCanvasElement;
  #masked: MaskedPicture;
  #view: MaskView = { x: 0, y: 0, scale: 1 };
  #fitted = true;
  #cursor: Spot | null = null;
  #shape: Spot[] = [];
  #held: Held[] = [];
  #panning = false;
  #frame = 0;
  #endings: (() => void)[] = [];

  constructor(canvas: HTMLCanvasElement, masked: MaskedPicture) {
    this.#canvas = canvas;
    this.#masked = masked;
    this.#listen();
    const sized = new ResizeObserver(() => this.#resize());
    sized.observe(canvas);
    this.#endings.push(
      () => sized.disconnect(),
      masked.mask.watch(this.#draw),
      useTools.subscribe(this.#draw),
    );
  }

  /** Let go of the canvas. */
  close(): void {
    cancelAnimationFrame(this.#frame);
    for (const end of this.#endings) end();
  }

  /** Show the whole picture. */
  fit(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#fitted = true;
    this.#view = wholePicture(clientWidth, clientHeight, this.#masked.picture);
    this.#draw();
  }

  /** Zoom by a factor about the middle of the window. */
  zoom(factor: number): void {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#setView(scaledAt(this.#view, { x: clientWidth / 2, y: clientHeight / 2 }, factor));
  }

  #setView(view: MaskView): void {
    this.#view = view;
    this.#fitted = false;
    this.#draw();
  }

  #resize(): void {
    const ratio = devicePixelRatio;
    this.#canvas.width = Math.round(this.#canvas.clientWidth * ratio);
    this.#canvas.height = Math.round(this.#canvas.clientHeight * ratio);
    if (this.#fitted) this.fit();
    else this.#draw();
  }

  #draw = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const { tool, size } = useTools.getState();
      const shown = tool === "brush" || tool === "eraser";
      const overlay = { cursor: shown ? this.#cursor : null, size, shape: this.#shape };
      drawMasked(this.#canvas, this.#masked, this.#view, overlay, devicePixelRatio);
    });
  };

  #listen(): void {
    const on = <Kind extends keyof HTMLElementEventMap>(
      kind: Kind,
      handler: (event: HTMLElementEventMap[Kind]) => void,
    ) => {
      this.#canvas.addEventListener(kind, handler, { passive: false });
      this.#endings.push(() => this.#canvas.removeEventListener(kind, handler));
    };
    on("pointerdown", (event) => this.#press(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => this.#lift(event));
    on("pointercancel", (event) => this.#lift(event));
    on("pointerleave", () => {
      if (this.#held.length > 0) return;
      this.#cursor = null;
      this.#draw();
    });
    on("wheel", (event) => this.#wheel(event));
    on("keydown", (event) => this.#key(event));
    on("contextmenu", (event) => event.preventDefault());
  }

  #spot(event: MouseEvent): Spot {
    const box = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #press(event: PointerEvent): void {
    event.preventDefault();
    this.#canvas.focus();
    this.#canvas.setPointerCapture(event.pointerId);
    const spot = this.#spot(event);
    this.#held = [...this.#held, { id: event.pointerId, ...spot }];
    const { tool } = useTools.getState();
    this.#panning = this.#held.length > 1 || tool === "hand" || event.button === 1;
    if (this.#panning) this.#abandon();
    else this.#begin(spot, tool, event);
  }

  /** A second finger turns a stroke that has just begun into a movement of the picture. */
  #abandon(): void {
    this.#shape = [];
    this.#masked.mask.cancel();
  }

  #begin(spot: Spot, tool: Tool, event: PointerEvent): void {
    const at = toPicture(this.#view, spot);
    if (tool === "rectangle" || tool === "lasso") {
      this.#shape = [at];
      return;
    }
    this.#cursor = at;
    this.#masked.mask.begin(
      { ...at, pressure: pressureOf(event) },
      useTools.getState(),
      this.#mode(event, tool),
    );
  }

  /** The right button and the eraser end of a pen take away. */
  #mode(event: PointerEvent, tool: Tool): PaintMode {
    const away = tool === "eraser" || event.button === 2 || (event.buttons & 32) !== 0;
    return away ? "erase" : "paint";
  }

  #move(event: PointerEvent): void {
    const spot = this.#spot(event);
    this.#cursor = toPicture(this.#view, spot);
    const held = this.#held.find(({ id }) => id === event.pointerId);
    if (held && this.#panning) this.#pan(held, spot);
    else if (held && this.#shape.length > 0) this.#extendShape();
    else if (held) this.#paint(event);
    this.#draw();
  }

  /** The browser gathers the movements of a frame; a quick stroke is smooth only with all of them. */
  #paint(event: PointerEvent): void {
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length > 0 ? all : [event]) {
      this.#masked.mask.extend({ ...toPicture(this.#view, this.#spot(one)), pressure: pressureOf(one) });
    }
  }

  #extendShape(): void {
    const [first] = this.#shape;
    const at = this.#cursor;
    if (!first || !at) return;
    if (useTools.getState().tool === "lasso") this.#shape.push(at);
    else this.#shape = [first, { x: at.x, y: first.y }, at, { x: first.x, y: at.y }];
  }

  #pan(held: Held, spot: Spot): void {
    const other = this.#held.find(({ id }) => id !== held.id);
    const { view, between } = { view: this.#view, between: other ?? held };
    const factor = other ? distance(spot, between) / Math.max(1, distance(held, between)) : 1;
    const share = other ? 0.5 : 1;
    const moved = { ...view, x: view.x + (spot.x - held.x) * share, y: view.y + (spot.y - held.y) * share };
    this.#held = this.#held.map((one) => (one.id === held.id ? { id: held.id, ...spot } : one));
    this.#setView(
      other ? scaledAt(moved, { x: (spot.x + other.x) / 2, y: (spot.y + other.y) / 2 }, factor) : moved,
    );
  }

  #lift(event: PointerEvent): void {
    this.#held = this.#held.filter(({ id }) => id !== event.pointerId);
    if (this.#held.length > 0) return;
    if (this.#shape.length > 2) {
      const { opacity } = useTools.getState();
      const away = event.button === 2 || event.altKey;
      this.#masked.mask.fillShape(this.#shape, opacity, away ? "erase" : "paint");
    }
    this.#shape = [];
    this.#panning = false;
    this.#masked.mask.end();
    this.#draw();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    if (event.altKey || event.shiftKey) resizeBrush((event.deltaY || event.deltaX) < 0 ? 0.1 : -0.1);
    else this.#setView(scaledAt(this.#view, this.#spot(event), Math.exp(-event.deltaY * 0.0015)));
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    const tool = TOOLS.find(({ key }) => key === event.key.toLowerCase());
    const step = STEPS[event.key];
    if (tool) useTools.setState({ tool: tool.tool });
    else if (step) this.#stepCursor(step, event.shiftKey, event.altKey);
    else if (event.key === " " || event.key === "Enter") this.#dab();
    else if (event.key === "[" || event.key === "]") resizeBrush(event.key === "]" ? 0.1 : -0.1);
    else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  /** Move the brush by keyboard: by half its size, with Alt by one pixel; with Shift it paints on the way. */
  #stepCursor([dx, dy]: readonly [number, number], paints: boolean, fine: boolean): void {
    const { size } = useTools.getState();
    const { width, height } = this.#masked.picture;
    const from = this.#cursor ?? { x: width / 2, y: height / 2 };
    const step = fine ? 1 : Math.max(1, size / 2);
    const to = {
      x: Math.min(width, Math.max(0, from.x + dx * step)),
      y: Math.min(height, Math.max(0, from.y + dy * step)),
    };
    this.#cursor = to;
    if (paints) this.#line(from, to);
    this.#draw();
  }

  #dab(): void {
    const { width, height } = this.#masked.picture;
    this.#cursor ??= { x: width / 2, y: height / 2 };
    this.#line(this.#cursor, this.#cursor);
  }

  #line(from: Spot, to: Spot): void {
    const tools = useTools.getState();
    const { mask } = this.#masked;
    mask.begin({ ...from, pressure: FULL }, tools, tools.tool === "eraser" ? "erase" : "paint");
    mask.extend({ ...to, pressure: FULL });
    mask.end();
  }
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A mouse has no pressure, and is told to press by half. */
function pressureOf(event: PointerEvent): number {
  return event.pointerType === "pen" ? Math.max(0.05, event.pressure) : FULL;
}

const distance = (one: Spot, other: Spot): number => Math.hypot(one.x - other.x, one.y - other.y);
