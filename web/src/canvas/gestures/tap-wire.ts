/** Joins two sockets with two taps: what dragging does, for fingers that do not drag. */

import { cameraView } from "../camera";
import { type SocketRef, setCanvasState } from "../canvas-state";
import { join, nearestTarget, type Target, targetsOf } from "../joining";
import type { Scene } from "../scene";
import { setTargets } from "../wiring-targets";
import type { Press } from "./gesture";

/** How near a tap has to be to a socket, in CSS pixels. */
const NEAR = 28;

interface Begun {
  readonly scene: Scene;
  readonly from: SocketRef;
  readonly targets: readonly Target[];
}

let begun: Begun | null = null;

/** Forget the socket that was tapped. */
export function dropTap(): void {
  if (!begun) return;
  begun = null;
  setTargets([]);
  setCanvasState({ wiring: null });
}

/** Remember a socket that was tapped, and mark those that it can be joined to. */
export function beginTap(scene: Scene, from: SocketRef, { at }: Press): void {
  const targets = targetsOf(scene, from);
  begun = { scene, from, targets };
  setTargets(targets);
  setCanvasState({ wiring: { from, at, over: null, taken: new Set(), also: [] } });
}

/** Join the socket that was tapped before to the one that is tapped now; tells whether there are two that fit. */
export function endTap(scene: Scene, press: Press): boolean {
  const first = begun;
  dropTap();
  if (!first || first.scene !== scene) return false;
  const near = nearestTarget(first.targets, press.at, NEAR / Math.max(cameraView().zoom, 0.3));
  if (!near) return false;
  scene.store.transact("canvas.connect", (tx) => join(tx, scene, first.from, near.socket));
  return true;
}
