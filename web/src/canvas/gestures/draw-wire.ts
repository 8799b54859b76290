/** Draws a wire from a socket to another one, and takes wires off sockets. */

import type { RecordId } from "@/document/records";
import { cameraView } from "../camera";
import { type SocketRef, setCanvasState } from "../canvas-state";
import { nodeUnder } from "../hit";
import {
  cut,
  endOf,
  join,
  looseTargets,
  nearestTarget,
  type Target,
  targetsOf,
  targetsOn,
  wireInto,
  wiresFrom,
} from "../joining";
import { openNodeSearch } from "../node-search";
import type { Scene } from "../scene";
import { setTargets } from "../wiring-targets";
import type { Gesture, Press } from "./gesture";
import { beginTap } from "./tap-wire";

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

/** What a wire that is drawn does besides. */
interface Drawn {
  /** Wires that were taken off their other end for this; they go, unless they are put back. */
  readonly taken?: Iterable<RecordId>;
  /** More sockets that are joined to the same end. */
  readonly also?: readonly SocketRef[];
}

/** Begin a wire at a socket. */
export function drawWire(scene: Scene, from: SocketRef, drawn: Drawn = {}): Gesture {
  const taken = new Set(drawn.taken);
  const also = drawn.also ?? [];
  const sockets = targetsOf(scene, from, ...also);
  const targets = also.length > 0 ? sockets : [...sockets, ...looseTargets(scene, from)];
  let over: Target | undefined;
  const done = () => {
    setTargets([]);
    setCanvasState({ wiring: null });
  };
  return {
    move: (press) => {
      over = targetAt(scene, from, targets, press);
      setTargets(targets);
      setCanvasState({
        wiring: { from, at: over?.at ?? press.at, over: over?.socket ?? null, taken, also },
      });
    },
    end: (press) => {
      done();
      const end = over?.socket;
      if (end && taken.size > 0 && endWhere(scene, taken, end)) return;
      if (end) {
        scene.store.transact("canvas.connect", (tx) => {
          cut(tx, scene, taken);
          for (const one of [from, ...also]) join(tx, scene, one, end);
        });
      } else if (taken.size > 0) scene.store.transact("canvas.disconnect", (tx) => cut(tx, scene, taken));
      else if (!nodeUnder(scene, press.at)) openNodeSearch({ position: press.at, from });
    },
    click: () => done(),
    cancel: done,
  };
}

/** Tell whether all of some wires end, or begin, at a socket: then they were only put back. */
function endWhere(scene: Scene, wires: Iterable<RecordId>, { node, slot, side }: SocketRef): boolean {
  return [...wires].every((id) => {
    const wire = scene.wires.get(id);
    const end = wire && endOf(scene, wire, side);
    return String(end?.node) === String(node) && end?.slot === slot;
  });
}

/** Begin to move all wires of an output to another one. */
function moveWires(scene: Scene, output: SocketRef): Gesture | undefined {
  const wires = wiresFrom(scene, output);
  const ends = wires.map((wire) => endOf(scene, wire, "input")).filter((end) => end !== undefined);
  const [first, ...also] = ends;
  return first && drawWire(scene, first, { taken: wires.map(({ id }) => id), also });
}

/** Take all wires off a socket with a click; a drag does nothing. */
function cutAll(scene: Scene, socket: SocketRef): Gesture {
  const into = socket.side === "input" ? [wireInto(scene, socket)] : wiresFrom(scene, socket);
  const wires = into.flatMap((wire) => wire?.id ?? []);
  const nothing = () => undefined;
  return {
    move: nothing,
    end: nothing,
    cancel: nothing,
    click: () => scene.store.transact("canvas.disconnect", (tx) => cut(tx, scene, wires)),
  };
}

/**
 * Begin at a socket: a new wire, or the one that ends at it, taken off. With Shift, all wires of an output are
 * moved, and the wire into an input stays while another one is drawn from where it comes from. With Ctrl and
 * Alt, a click takes off every wire. A tap with a finger waits for a second one, on the other socket.
 */
export function wireFrom(
  scene: Scene,
  socket: SocketRef,
  press: Pick<Press, "shift" | "alt" | "mod" | "touch">,
): Gesture {
  if (socket.loose) return drawWire(scene, socket);
  if (press.mod && press.alt) return cutAll(scene, socket);
  const moved = press.shift && socket.side === "output" ? moveWires(scene, socket) : undefined;
  if (moved) return moved;
  const wire = socket.side === "input" ? wireInto(scene, socket) : undefined;
  const other = wire && endOf(scene, wire, "output");
  const drawn =
    wire && other ? drawWire(scene, other, { taken: press.shift ? [] : [wire.id] }) : drawWire(scene, socket);
  return press.touch ? { ...drawn, click: (tap) => beginTap(scene, socket, tap) } : drawn;
}
