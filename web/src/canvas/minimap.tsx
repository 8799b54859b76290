/** The whole sheet, small, and which part of it is seen. */

import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef } from "react";
import { grown, type Rect } from "@/geometry/rect";
import { centredOn } from "@/geometry/view";
import { useText } from "@/i18n/language";
import { useIsPhone } from "@/ui/media";
import { cameraSize, cameraView, moveTo, onCamera, panBy, seenPart } from "./camera";
import styles from "./minimap.module.css";
import { mixed, nodeColors } from "./node-colors";
import { groupColor } from "./paint/paint-groups";
import type { Scene } from "./scene";
import { onTheme, theme } from "./theme-colors";

const WIDTH = 200;
const HEIGHT = 130;

/** How the sheet is placed on the map: a canvas point times `scale`, moved by (x, y). */
interface Fit {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

function fitOf(all: Rect): Fit {
  const scale = Math.min(WIDTH / all.width, HEIGHT / all.height);
  return {
    scale,
    x: (WIDTH - all.width * scale) / 2 - all.x * scale,
    y: (HEIGHT - all.height * scale) / 2 - all.y * scale,
  };
}

/** Draw everything but the view itself. */
function drawSheet(ctx: CanvasRenderingContext2D, scene: Scene, fit: Fit): void {
  const colors = theme();
  const box = (rect: Rect) =>
    ctx.fillRect(
      rect.x * fit.scale + fit.x,
      rect.y * fit.scale + fit.y,
      Math.max(1, rect.width * fit.scale),
      Math.max(1, rect.height * fit.scale),
    );
  ctx.clearRect(0, 0, WIDTH, HEIGHT);
  for (const group of scene.groups.values()) {
    ctx.fillStyle = mixed(colors.body, groupColor(group), 0.3);
    box(group.rect);
  }
  for (const item of scene.nodes.values()) {
    ctx.fillStyle = mixed(nodeColors(item.record.raw, item.definition, colors).header, colors.text, 0.3);
    box(item.box);
  }
}

/** A map of the sheet; a press on it, dragging and the arrow keys move the view. */
export function Minimap({ scene }: { readonly scene: Scene }) {
  const phone = useIsPhone();
  return phone ? null : <SheetMap scene={scene} />;
}

function SheetMap({ scene }: { readonly scene: Scene }) {
  const text = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const fit = useRef<Fit>({ scale: 1, x: 0, y: 0 });
  useMap(scene, canvas, frame, fit);
  const go = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const { scale, x, y } = fit.current;
    const point = [(event.clientX - left - x) / scale, (event.clientY - top - y) / scale] as const;
    moveTo(centredOn(cameraView(), point, ...cameraSize()), 0);
  };
  return (
    <div
      role="application"
      aria-label={text("canvas.minimapHelp")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the view
      tabIndex={0}
      className={styles.map}
      onPointerDown={go}
      onPointerMove={go}
      onKeyDown={onKey}
    >
      <canvas ref={canvas} className={styles.picture} aria-hidden />
      <div ref={frame} className={styles.frame} />
    </div>
  );
}

const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [80, 0],
  ArrowRight: [-80, 0],
  ArrowUp: [0, 80],
  ArrowDown: [0, -80],
};

function onKey(event: KeyboardEvent): void {
  const step = KEYS[event.key];
  if (!step) return;
  panBy(...step);
  event.preventDefault();
  event.stopPropagation();
}

function useMap(
  scene: Scene,
  canvas: RefObject<HTMLCanvasElement | null>,
  frame: RefObject<HTMLDivElement | null>,
  fit: RefObject<Fit>,
): void {
  useEffect(() => {
    const ctx = canvas.current?.getContext("2d");
    if (!canvas.current || !ctx) return undefined;
    const ratio = Math.min(2, devicePixelRatio || 1);
    canvas.current.width = WIDTH * ratio;
    canvas.current.height = HEIGHT * ratio;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const place = () => placeFrame(frame.current, fit.current);
    const draw = () => {
      timer = undefined;
      const all = scene.bounds() ?? { x: 0, y: 0, width: 1000, height: 650 };
      fit.current = fitOf(grown(all, 60));
      drawSheet(ctx, scene, fit.current);
      place();
    };
    // Changes of one gesture are drawn together, a moment later: the map is not what is looked at.
    const later = () => {
      timer ??= setTimeout(draw, 150);
    };
    draw();
    const stops = [scene.subscribe(later), onTheme(later), onCamera(place)];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [scene, canvas, frame, fit]);
}

function placeFrame(frame: HTMLElement | null, { scale, x, y }: Fit): void {
  if (!frame) return;
  const seen = seenPart();
  const [left, top] = [seen.x * scale + x, seen.y * scale + y];
  frame.style.transform = `translate(${left}px, ${top}px)`;
  frame.style.width = `${Math.max(4, seen.width * scale)}px`;
  frame.style.height = `${Math.max(4, seen.height * scale)}px`;
}
