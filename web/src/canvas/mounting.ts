/** Which nodes are elements of the page: those that can be read, and those that the keyboard is on. */

import type { RecordId } from "@/document/records";
import { grown, overlap } from "@/geometry/rect";
import { cameraView, onCamera, seenPart } from "./camera";
import { canvasState, useCanvasState } from "./canvas-state";
import type { Scene } from "./scene";

/** Zoom from which nodes are mounted; below it they are only painted. */
export const MOUNT_ZOOM = 0.55;
/** Time in ms without moves of the view after which nodes are mounted. */
const REST = 70;
/** Most time in ms that mounting takes of a frame, and most nodes that are mounted. */
const SLICE = 5;
const MOST = 80;

/** Keeps the set of mounted nodes; adds few at a time, so that nothing stutters. */
export class Mounting {
  #scene: Scene;
  #changed: (ids: ReadonlySet<RecordId>) => void;
  #mounted: ReadonlySet<RecordId> = new Set();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;
  #stops: (() => void)[];
  /** Nodes for a slice: learnt from how long the last ones took. */
  #portion = 3;

  constructor(scene: Scene, changed: (ids: ReadonlySet<RecordId>) => void) {
    this.#scene = scene;
    this.#changed = changed;
    this.#stops = [
      onCamera(() => this.#later()),
      scene.subscribe(() => this.#later(0)),
      useCanvasState.subscribe((now, before) => {
        if (now.focused !== before.focused || now.renaming !== before.renaming) this.#step();
      }),
    ];
    this.#later(0);
  }

  /** Mount nothing any more. */
  stop(): void {
    for (const stop of this.#stops) stop();
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
  }

  /** Tell whether a node is mounted and seen. */
  has(id: RecordId): boolean {
    return cameraView().zoom >= MOUNT_ZOOM && this.#mounted.has(id);
  }

  #later(delay = REST): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#step(), delay);
  }

  #wanted(): Set<RecordId> {
    const wanted = new Set<RecordId>();
    for (const id of this.#always()) wanted.add(id);
    if (cameraView().zoom < MOUNT_ZOOM) return wanted;
    const seen = grown(seenPart(), 40);
    for (const id of this.#scene.order) {
      const item = this.#scene.nodes.get(id);
      if (item && overlap(item.box, seen)) wanted.add(id);
      if (wanted.size >= MOST) break;
    }
    return wanted;
  }

  /** The node that the keyboard is on, or would come to, and one that is renamed. */
  #always(): RecordId[] {
    const { focused, renaming } = canvasState();
    const reached = focused && this.#scene.nodes.has(focused) ? focused : this.#scene.order[0];
    return [reached, renaming].filter(
      (id) => typeof id === "string" && this.#scene.nodes.has(id),
    ) as RecordId[];
  }

  #step(): void {
    cancelAnimationFrame(this.#frame);
    const wanted = this.#wanted();
    const always = new Set(this.#always());
    const missing = [...wanted].filter((id) => !this.#mounted.has(id));
    const now = [...missing.filter((id) => always.has(id)), ...missing].slice(
      0,
      Math.max(this.#portion, always.size),
    );
    const next = new Set([...wanted].filter((id) => this.#mounted.has(id) || now.includes(id)));
    if (!same(next, this.#mounted)) {
      const begin = performance.now();
      this.#mounted = next;
      this.#changed(next);
      this.#learn(performance.now() - begin, now.length);
    }
    if (missing.length > now.length) this.#frame = requestAnimationFrame(() => this.#step());
  }

  #learn(took: number, count: number): void {
    if (count === 0) return;
    const fitting = (SLICE / Math.max(took, 0.5)) * count;
    this.#portion = Math.max(1, Math.min(8, Math.round((this.#portion + fitting) / 2)));
  }
}

function same(one: ReadonlySet<RecordId>, other: ReadonlySet<RecordId>): boolean {
  if (one.size !== other.size) return false;
  for (const id of one) if (!other.has(id)) return false;
  return true;
}
