/** The texts in the EXIF block of WebP and JPEG files, which ComfyUI writes as `key:text`. */

import { WorkflowFormatError } from "@/document/read";
import { text } from "@/i18n/language";

const ASCII = 2;
const ENTRY = 12;
const INLINE = 4;
const APP1 = 0xe1;
const START_OF_SCAN = 0xda;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const letters = (bytes: Uint8Array, at: number, length: number) =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/** Return the EXIF block of a WebP file, null where it has none; throws where it is cut off. */
export function webpExif(bytes: Uint8Array): Uint8Array | null {
  const view = viewOf(bytes);
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4, true);
    if (letters(bytes, at, 4) === "EXIF") return block(bytes, at + 8, length);
    at += 8 + length + (length % 2);
  }
  return null;
}

/** Return the EXIF block of a JPEG file, null where it has none; throws where it is cut off. */
export function jpegExif(bytes: Uint8Array): Uint8Array | null {
  const view = viewOf(bytes);
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== START_OF_SCAN) {
    const length = view.getUint16(at + 2);
    if (length < 2) return null;
    if (bytes[at + 1] === APP1 && letters(bytes, at + 4, 4) === "Exif")
      return block(bytes, at + 4, length - 2);
    at += 2 + length;
  }
  return null;
}

function block(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > bytes.length) throw new WorkflowFormatError(text("files.cutOff"));
  return bytes.subarray(start, start + length);
}

/** Return the texts `key:text` of an EXIF block by key, in lower case; throws where it is damaged. */
export function textsOfExif(exif: Uint8Array | null): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  if (!exif) return found;
  // The name may stand before the block in WebP too.
  const tiff = letters(exif, 0, 4) === "Exif" ? exif.subarray(6) : exif;
  try {
    for (const value of asciiValues(tiff)) {
      const [, key, content] = /^([A-Za-z_]\w*):(.*)$/s.exec(value) ?? [];
      if (key !== undefined && content !== undefined) found[key.toLowerCase()] ??= content;
    }
  } catch (error) {
    if (error instanceof RangeError) throw new WorkflowFormatError(text("files.damagedText"));
    throw error;
  }
  return found;
}

function* asciiValues(tiff: Uint8Array): Generator<string> {
  const order = letters(tiff, 0, 2);
  if (order !== "II" && order !== "MM") return;
  const little = order === "II";
  const view = viewOf(tiff);
  const start = view.getUint32(4, little);
  const count = view.getUint16(start, little);
  for (let index = 0; index < count; index++) {
    const at = start + 2 + index * ENTRY;
    if (view.getUint16(at + 2, little) !== ASCII) continue;
    const length = view.getUint32(at + 4, little);
    const place = length > INLINE ? view.getUint32(at + 8, little) : at + 8;
    if (place + length > tiff.length) throw new RangeError("the value ends behind the block");
    yield new TextDecoder().decode(tiff.subarray(place, place + length)).replace(/\0+$/, "");
  }
}
