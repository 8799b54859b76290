/** Gestures as a hand makes them: mouse and wheel events at a steady pace, however slow the page is. */

import { setTimeout as sleep } from "node:timers/promises";
import type { CDPSession } from "playwright-core";

/** A point of the window in CSS pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

const EVERY_MS = 16;
const STEPS = 120;

/** Press at a place, move `reach` pixels away in a wave and half the way back, let go; two seconds. */
export async function drag(session: CDPSession, from: Place, reach: number): Promise<void> {
  const held = { button: "left", buttons: 1, clickCount: 1 } as const;
  await session.send("Input.dispatchMouseEvent", { type: "mouseMoved", ...from });
  await session.send("Input.dispatchMouseEvent", { type: "mousePressed", ...from, ...held });
  await paced(STEPS, (step) => {
    const way = Math.sin((Math.PI * 5 * step) / (6 * STEPS)) * reach;
    const to = { x: from.x + way, y: from.y + way / 3 };
    return session.send("Input.dispatchMouseEvent", { type: "mouseMoved", ...to, ...held });
  });
  const end = { x: from.x + reach / 2, y: from.y + reach / 6 };
  await session.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...end, ...held, buttons: 0 });
}

/** Press at a place, move to the right in ten steps and let go there. */
export async function move(session: CDPSession, from: Place, reach: number): Promise<void> {
  const held = { button: "left", buttons: 1, clickCount: 1 } as const;
  const send = (type: "mouseMoved" | "mousePressed" | "mouseReleased", x: number): Promise<unknown> =>
    session.send("Input.dispatchMouseEvent", { type, x, y: from.y, ...held });
  await session.send("Input.dispatchMouseEvent", { type: "mouseMoved", ...from });
  await send("mousePressed", from.x);
  for (let step = 1; step <= 10; step++) await send("mouseMoved", from.x + (reach * step) / 10);
  await send("mouseReleased", from.x + reach);
}

/** Turn the wheel one way and most of the way back at a place; two seconds, one notch every 32 ms. */
export async function wheel(session: CDPSession, at: Place): Promise<void> {
  const notches = STEPS / 2;
  await paced(STEPS, (step) => {
    if (step % 2) return undefined;
    const deltaY = step / 2 <= notches / 2 + 2 ? -40 : 40;
    return session.send("Input.dispatchMouseEvent", { type: "mouseWheel", ...at, deltaX: 0, deltaY });
  });
}

/** Do something every 16 ms without waiting for the page; return when it has taken in everything. */
async function paced(steps: number, act: (step: number) => Promise<unknown> | undefined): Promise<void> {
  const began = performance.now();
  const sent: (Promise<unknown> | undefined)[] = [];
  for (let step = 1; step <= steps; step++) {
    sent.push(act(step));
    await sleep(Math.max(0, began + step * EVERY_MS - performance.now()));
  }
  await Promise.all(sent);
}
