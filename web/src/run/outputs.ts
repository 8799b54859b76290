/** What nodes show when they are done: pictures, sounds, videos, texts, other files. */

import { isObject, type Json, type JsonObject } from "@/document/records";
import { type Folder, viewUrl } from "@/server/uploads";

/** How a result is shown; `other` is only offered to be saved. */
export type OutputKind = "image" | "audio" | "video" | "text" | "other";

/** One thing that a node shows. A text has no file and an empty `url`. */
export interface OutputItem {
  readonly url: string;
  readonly filename: string;
  readonly subfolder: string;
  readonly type: Folder;
  readonly kind: OutputKind;
  readonly text?: string;
}

const KINDS: readonly (readonly [OutputKind, RegExp])[] = [
  ["image", /\.(png|jpe?g|webp|gif|bmp|avif|tiff?)$/i],
  ["video", /\.(mp4|webm|mov|mkv|m4v|ogv)$/i],
  ["audio", /\.(flac|mp3|wav|ogg|opus|m4a|aac)$/i],
];

/** Return results with those that were saved before those that were only shown. */
export function savedFirst<T extends OutputItem>(items: readonly T[]): readonly T[] {
  return [...items.filter(({ type }) => type === "output"), ...items.filter(({ type }) => type !== "output")];
}

/** Return what is shown, in the order in which the node tells it. */
export function outputItems(output: JsonObject | null): readonly OutputItem[] {
  const found: OutputItem[] = [];
  for (const [key, values] of Object.entries(output ?? {})) {
    if (key === "animated" || !Array.isArray(values)) continue;
    for (const value of values as readonly Json[]) {
      const item = isObject(value) ? fileItem(value) : textItem(key, value);
      if (item) found.push(item);
    }
  }
  return found;
}

function fileItem(value: JsonObject): OutputItem | null {
  const { filename, subfolder, type, format } = value;
  if (typeof filename !== "string") return null;
  const folder = type === "input" || type === "temp" ? type : "output";
  const file = { filename, subfolder: typeof subfolder === "string" ? subfolder : "", type: folder } as const;
  return { ...file, url: viewUrl(file), kind: kindOf(filename, format) };
}

function kindOf(filename: string, format: Json | undefined): OutputKind {
  const named = KINDS.find(([, names]) => names.test(filename))?.[0];
  if (named) return named;
  const told = typeof format === "string" ? format.split("/")[0] : "";
  return told === "video" || told === "audio" || told === "image" ? told : "other";
}

function textItem(key: string, value: Json): OutputItem | null {
  if (key !== "text" || (typeof value !== "string" && typeof value !== "number")) return null;
  return { url: "", filename: "", subfolder: "", type: "temp", kind: "text", text: String(value) };
}
