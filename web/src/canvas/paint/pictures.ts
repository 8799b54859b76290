/** Small copies of the pictures on nodes, decoded once, for the painter. */

import type { RawNode, RecordId } from "@/document/records";
import { widgetValue } from "@/document/values";
import { INSET } from "@/geometry/node-box";
import type { Rect } from "@/geometry/rect";
import { fileOfValue, viewUrl } from "@/server/uploads";
import type { NodeItem } from "../scene";

/** Longest side of a copy in pixels: what a node shows when it is not mounted. */
const LONGEST = 256;
/** Most bytes that all copies may take; those that were drawn longest ago go first. */
const MOST_BYTES = 48 * 2 ** 20;
const MOST_AT_ONCE = 3;

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

/** Forget what nodes show: another sheet is shown, whose nodes may have the same ids. */
export function clearPictures(): void {
  urls.clear();
  for (const listener of [...listeners]) listener();
}

/** Return the copy of the picture that a node shows, or undefined while there is none. */
export function pictureOf(item: NodeItem): ImageBitmap | undefined {
  const url = urls.get(item.id) ?? uploadedUrl(item);
  if (url === null) return undefined;
  const copy = copies.get(url);
  if (copy === undefined) queue(url);
  if (!copy) return undefined;
  copies.delete(url);
  copies.set(url, copy);
  return copy.bitmap;
}

const uploaded = new WeakMap<RawNode, string | null>();

/** The picture that a node takes from the folder of inputs. */
function uploadedUrl({ record, box }: NodeItem): string | null {
  const known = uploaded.get(record.raw);
  if (known !== undefined) return known;
  const upload = box.widgets.find(
    ({ slot }) => slot.kind === "upload" && slot.input?.options.image_upload === true,
  );
  const choice = upload && box.widgets.find(({ slot }) => slot.sent && slot.name === upload.slot.name);
  const value = choice && widgetValue(record.raw, choice.slot);
  const url = typeof value === "string" && value !== "" ? viewUrl(fileOfValue(value), LONGEST) : null;
  uploaded.set(record.raw, url);
  return url;
}

/** Return where on a node its picture is drawn; null where it has no room for one. */
export function pictureRoom({ box }: NodeItem): Rect | null {
  const room = box.preview ?? box.widgets.find(({ slot }) => slot.kind === "upload");
  if (!room) return null;
  // Above the picture of an upload lie its buttons.
  const buttons = box.preview ? 0 : 28;
  return {
    x: box.x + INSET,
    y: room.y + buttons,
    width: box.width - 2 * INSET,
    height: room.height - buttons,
  };
}

const waiting: string[] = [];
let loading = 0;

/** Few pictures are loaded at a time, so that they do not hold up what is done meanwhile. */
function queue(url: string): void {
  copies.set(url, null);
  waiting.push(url);
  loadNext();
}

function loadNext(): void {
  if (loading >= MOST_AT_ONCE) return;
  const url = waiting.shift();
  if (url === undefined) return;
  loading += 1;
  void load(url).finally(() => {
    loading -= 1;
    loadNext();
  });
}

async function load(url: string): Promise<void> {
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
