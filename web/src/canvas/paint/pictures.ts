/** Small copies of the pictures on nodes, decoded once, for the painter. */

import type { RecordId } from "@/document/records";
import type { Rect } from "@/geometry/rect";

/** Longest side of a copy in pixels: what a node shows when it is not mounted. */
const LONGEST = 256;
/** Most bytes that all copies may take; those that were drawn longest ago go first. */
const MOST_BYTES = 48 * 2 ** 20;

interface Copy {
  readonly bitmap: ImageBitmap;
  readonly bytes: number;
}

const urls = new Map<RecordId, string>();
const copies = new Map<string, Copy | null>();
const listeners = new Set<() => void>();
let bytes = 0;

/** Hear when a picture can be drawn that could not before; returns the function that ends this. */
export function onPictures(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Say which picture a node shows; null for none. */
export function showPicture(id: RecordId, url: string | null): void {
  if ((urls.get(id) ?? null) === url) return;
  if (url === null) urls.delete(id);
  else urls.set(id, url);
  for (const listener of [...listeners]) listener();
}

/** Return the copy of the picture that a node shows, or undefined while there is none. */
export function pictureOf(id: RecordId): ImageBitmap | undefined {
  const url = urls.get(id);
  if (url === undefined) return undefined;
  const copy = copies.get(url);
  if (copy === undefined) void load(url);
  if (!copy) return undefined;
  copies.delete(url);
  copies.set(url, copy);
  return copy.bitmap;
}

async function load(url: string): Promise<void> {
  copies.set(url, null);
  try {
    const answer = await fetch(url);
    if (!answer.ok) return;
    const whole = await createImageBitmap(await answer.blob());
    const scale = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
    const [width, height] = [Math.max(1, whole.width * scale), Math.max(1, whole.height * scale)];
    const bitmap = await createImageBitmap(whole, {
      resizeWidth: Math.round(width),
      resizeHeight: Math.round(height),
      resizeQuality: "medium",
    });
    whole.close();
    keep(url, { bitmap, bytes: bitmap.width * bitmap.height * 4 });
  } catch {
    // It stays without a picture: the address was let go, or holds something else.
  }
}

function keep(url: string, copy: Copy): void {
  copies.set(url, copy);
  bytes += copy.bytes;
  for (const [old, other] of copies) {
    if (bytes <= MOST_BYTES) break;
    if (!other || old === url) continue;
    bytes -= other.bytes;
    other.bitmap.close();
    copies.delete(old);
  }
  for (const listener of [...listeners]) listener();
}

/** Draw a picture as large as it fits into a rectangle. */
export function paintPicture(ctx: CanvasRenderingContext2D, picture: ImageBitmap, room: Rect): void {
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  ctx.drawImage(
    picture,
    room.x + (room.width - width) / 2,
    room.y + (room.height - height) / 2,
    width,
    height,
  );
}
