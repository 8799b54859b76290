/** Draws a wire from a socket to another one, and takes wires off sockets. */

import type { RecordId } from "@/document/records";
import { cameraView } from "../camera";
import { type SocketRef, setCanvasState } from "../canvas-state";
import { nodeUnder } from "../hit";
import { cut, endOf, join, nearestTarget, type Target, targetsOf, targetsOn, wireInto } from "../joining";
import { openNodeSearch } from "../node-search";
import type { Scene } from "../scene";
import { setTargets } from "../wiring-targets";
import type { Gesture, Press } from "./gesture";

/** How near a wire snaps to a socket, in CSS pixels. */
const SNAP = 18;
const TOUCH_SNAP = 36;

/** Return the socket that a wire let go at a point would be joined to. */
function targetAt(
  scene: Scene,
  from: SocketRef,
  targets: readonly Target[],
  press: Press,
): Target | undefined {
  const reach = (press.touch ? TOUCH_SNAP : SNAP) / Math.max(cameraView().zoom, 0.3);
  const near = nearestTarget(targets, press.at, reach);
  if (near) return near;
  const node = nodeUnder(scene, press.at);
  if (!node || node.record.raw.id === from.node) return undefined;
  const allowed = new Set(
    targets.filter(({ socket }) => socket.node === node.record.raw.id).map(({ socket }) => socket.name),
  );
  return targetsOn(node, from).find(({ socket }) => allowed.has(socket.name));
}

/**
 * Begin a wire at a socket.
 *
 * @param taken The wire that was taken off its other end for this; it goes, unless it is put back.
 */
export function drawWire(scene: Scene, from: SocketRef, taken: RecordId | null = null): Gesture {
  const targets = targetsOf(scene, from);
  let over: Target | undefined;
  const done = () => {
    setTargets([]);
    setCanvasState({ wiring: null });
  };
  return {
    move: (press) => {
      over = targetAt(scene, from, targets, press);
      setTargets(targets);
      setCanvasState({ wiring: { from, at: over?.at ?? press.at, over: over?.socket ?? null, taken } });
    },
    end: (press) => {
      done();
      const end = over?.socket;
      if (end) {
        scene.store.transact("canvas.connect", (tx) => {
          if (taken) cut(tx, scene, [taken]);
          join(tx, scene, from, end);
        });
      } else if (taken) scene.store.transact("canvas.disconnect", (tx) => cut(tx, scene, [taken]));
      else if (!nodeUnder(scene, press.at)) openNodeSearch({ position: press.at, from });
    },
    click: () => done(),
    cancel: done,
  };
}

/** Begin at a socket: a new wire, or the one that ends at it, taken off. */
export function wireFrom(scene: Scene, socket: SocketRef): Gesture {
  const wire = socket.side === "input" ? wireInto(scene, socket) : undefined;
  const other = wire && endOf(scene, wire, "output");
  return wire && other ? drawWire(scene, other, wire.id) : drawWire(scene, socket);
}
