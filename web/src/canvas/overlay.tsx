/** What floats above the nodes while something goes on: the wire being drawn, the selection's rectangle, guides. */

import { socketColor } from "@/catalogue/socket-types";
import { type Curve, wireCurve } from "@/geometry/bezier";
import { useZoom } from "./camera";
import { type SocketRef, useCanvasState, type Wiring } from "./canvas-state";
import { looseWires } from "./loose-ends";
import styles from "./overlay.module.css";
import type { Scene } from "./scene";
import { useWiringTargets } from "./wiring-targets";

/** Drawn in canvas pixels, inside what moves with the view. */
export function Overlay({ scene }: { readonly scene: Scene }) {
  const wiring = useCanvasState((state) => state.wiring);
  const box = useCanvasState((state) => state.box);
  const guides = useCanvasState((state) => state.drag?.guides);
  const zoom = useZoom();
  if (!wiring && !box && !guides?.length) return null;
  return (
    <svg className={styles.overlay} aria-hidden>
      {wiring && <LooseWires wiring={wiring} scene={scene} zoom={zoom} />}
      {box && <rect className={styles.box} {...box} strokeWidth={1 / zoom} />}
      {guides?.map(({ from, to }) => (
        <line
          key={`${from} ${to}`}
          className={styles.guide}
          x1={from[0]}
          y1={from[1]}
          x2={to[0]}
          y2={to[1]}
          strokeWidth={1 / zoom}
        />
      ))}
    </svg>
  );
}

const pathOf = ([ax, ay, bx, by, cx, cy, dx, dy]: Curve): string =>
  `M${ax} ${ay} C${bx} ${by} ${cx} ${cy} ${dx} ${dy}`;

/** Return where the fixed end of a wire is. */
function beginOf(scene: Scene, from: SocketRef): readonly [number, number] | undefined {
  const { loose } = from;
  if (loose) return looseWires(scene).find(({ socket }) => socket.loose?.reroute === loose.reroute)?.at;
  const item = scene.node(from.node);
  if (!item) {
    const end = scene.ends.find(({ side }) => side === from.node);
    const place = end && [...end.sockets, end.empty].find(({ slot }) => slot === from.slot);
    return place && [place.x, place.y];
  }
  const places = from.side === "output" ? item.box.outputs : item.box.inputs;
  const place = places.find(({ slot, name }) => slot === from.slot && name === from.name);
  return place && [place.x, place.y];
}

interface LooseWireProps {
  readonly wiring: Wiring;
  readonly scene: Scene;
  readonly zoom: number;
}

function LooseWires(props: LooseWireProps) {
  const { from, also } = props.wiring;
  return (
    <>
      <Targets zoom={props.zoom} />
      {[from, ...also].map((end) => (
        <LooseWire key={`${end.node} ${end.slot} ${end.name}`} {...props} from={end} />
      ))}
    </>
  );
}

function LooseWire({ wiring, scene, zoom, from }: LooseWireProps & { readonly from: SocketRef }) {
  const begin = beginOf(scene, from);
  if (!begin) return null;
  const { at, over } = wiring;
  const curve = from.side === "output" ? wireCurve(begin, at) : wireCurve(at, begin);
  const color = socketColor(from.type);
  return (
    <>
      <path className={styles.rim} d={pathOf(curve)} strokeWidth={Math.max(5.5, 4 / zoom)} />
      <path
        d={pathOf(curve)}
        fill="none"
        stroke={color}
        strokeWidth={Math.max(2.6, 2 / zoom)}
        {...(!over && { strokeDasharray: `${7 / zoom} ${4 / zoom}` })}
      />
      <circle cx={at[0]} cy={at[1]} r={(over ? 7 : 4.5) / Math.max(zoom, 0.4)} fill={color} />
    </>
  );
}

/** Rings around the sockets that the wire can end at. */
function Targets({ zoom }: { readonly zoom: number }) {
  const targets = useWiringTargets((state) => state.targets);
  const radius = Math.max(8.5, 4 / zoom);
  return targets.map(({ socket, at }) => (
    <circle
      key={`${socket.node} ${socket.name} ${socket.slot} ${socket.loose?.reroute ?? ""}`}
      className={styles.target}
      cx={at[0]}
      cy={at[1]}
      r={radius}
      strokeWidth={Math.max(2, 1.5 / zoom)}
      stroke={socketColor(socket.type)}
    />
  ));
}
