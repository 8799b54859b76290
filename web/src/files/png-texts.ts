/** The text chunks of PNG and APNG files (PNG 3, chapters 5 and 11.3.3). */

import { WorkflowFormatError } from "@/document/read";
import { text } from "@/i18n/language";

const HEAD = 8;
const SIGNATURE = 8;
const CHECKSUM = 4;
/** `comf` is ComfyUI's own, in animated pictures. */
const KINDS = new Set(["tEXt", "zTXt", "iTXt", "comf"]);
/** No text is made longer than this when it is unpacked, in bytes. */
const MOST = 64_000_000;

/** Return the texts of a picture by key, in lower case; throws a WorkflowFormatError where it is cut off. */
export async function pngTexts(bytes: Uint8Array): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const [kind, data] of chunks(bytes)) {
    const [key, value] = await textOf(kind, data);
    found[key] ??= value;
  }
  return found;
}

function* chunks(bytes: Uint8Array): Generator<[kind: string, data: Uint8Array]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = SIGNATURE;
  while (at + HEAD <= bytes.length) {
    const length = view.getUint32(at);
    const kind = latin(bytes.subarray(at + 4, at + HEAD));
    if (kind === "IEND") return;
    const end = at + HEAD + length;
    if (KINDS.has(kind)) {
      if (end > bytes.length) throw new WorkflowFormatError(text("files.cutOff"));
      yield [kind, bytes.subarray(at + HEAD, end)];
    }
    at = end + CHECKSUM;
  }
}

async function textOf(kind: string, data: Uint8Array): Promise<[key: string, value: string]> {
  const [name, rest] = cut(data);
  const key = latin(name).toLowerCase();
  if (kind === "zTXt") return [key, decoded(await inflated(rest.subarray(1)))];
  if (kind !== "iTXt") return [key, decoded(rest)];
  // A flag, a method, a language and a translated key stand before the text.
  const [, afterLanguage] = cut(rest.subarray(2));
  const [, value] = cut(afterLanguage);
  return [key, decoded(rest[0] === 1 ? await inflated(value) : value)];
}

function cut(data: Uint8Array): [before: Uint8Array, after: Uint8Array] {
  const zero = data.indexOf(0);
  return zero < 0 ? [data, new Uint8Array()] : [data.subarray(0, zero), data.subarray(zero + 1)];
}

async function inflated(data: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([data as Uint8Array<ArrayBuffer>]).stream();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = packed.pipeThrough(new DecompressionStream("deflate")).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      length += part.value.length;
      if (length > MOST) throw new RangeError("the text is too long");
    }
  } catch {
    throw new WorkflowFormatError(text("files.damagedText"));
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** The standard says Latin-1, ComfyUI writes ASCII, and some others write UTF-8. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return latin(bytes);
  }
}

const latin = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
