/** Which thing lies next in a direction, for the arrow keys. */

import { middle, type Rect } from "./rect";

/** A way to go on the canvas, as the arrow keys have it. */
export type Direction = "left" | "right" | "up" | "down";

/** Distance ahead, and distance aside, of one middle from another. */
function offsets(from: Rect, to: Rect, direction: Direction): { ahead: number; aside: number } {
  const [ax, ay] = middle(from);
  const [bx, by] = middle(to);
  switch (direction) {
    case "left":
      return { ahead: ax - bx, aside: Math.abs(by - ay) };
    case "right":
      return { ahead: bx - ax, aside: Math.abs(by - ay) };
    case "up":
      return { ahead: ay - by, aside: Math.abs(bx - ax) };
    case "down":
      return { ahead: by - ay, aside: Math.abs(bx - ax) };
  }
}

/**
 * Return the key of the nearest rectangle in a direction; undefined where there is none.
 *
 * What lies straight ahead comes before what lies aside, even when that is a little nearer.
 */
export function nextIn<K>(
  from: Rect,
  others: Iterable<readonly [K, Rect]>,
  direction: Direction,
): K | undefined {
  let best = Infinity;
  let found: K | undefined;
  for (const [key, rect] of others) {
    const { ahead, aside } = offsets(from, rect, direction);
    if (ahead <= 1) continue;
    const cost = ahead + 2 * aside;
    if (cost < best) [best, found] = [cost, key];
  }
  return found;
}
