/** The texts with workflows inside files: found here for pictures and weights, by the server for the rest. */

import { WorkflowFormatError } from "@/document/read";
import { text } from "@/i18n/language";
import { fetchJson } from "@/server/api";
import { jpegExif, textsOfExif, webpExif } from "./exif-texts";
import { pngTexts } from "./png-texts";
import { textsOfWeights } from "./weights-texts";

/** `workflow` (JSON of the canvas), `prompt` (JSON of the API) and `parameters` (another tool's text). */
export type EmbeddedTexts = { readonly [key in "workflow" | "prompt" | "parameters"]?: string };

const KEYS = ["workflow", "prompt", "parameters"] as const;
/** Files that are longer are not sent to the server to be looked into, in bytes. */
const MOST_SENT = 100_000_000;

/**
 * Return the texts in a file; null where it is of a kind that has none. Throws a WorkflowFormatError where the
 * file is damaged, a ServerError where the server could not look into it.
 */
export async function embeddedTexts(file: Blob): Promise<EmbeddedTexts | null> {
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  const found = await textsByKind(file, head);
  if (!found) return null;
  const kept = KEYS.flatMap((key) => (found[key] ? [[key, found[key]]] : []));
  return Object.fromEntries(kept);
}

async function textsByKind(file: Blob, head: Uint8Array): Promise<Readonly<Record<string, string>> | null> {
  const starts = (bytes: string, at = 0) =>
    [...bytes].every((byte, n) => head[at + n] === byte.charCodeAt(0));
  if (starts("\x89PNG\r\n\x1a\n")) return pngTexts(await bytesOf(file));
  if (starts("RIFF") && starts("WEBP", 8)) return textsOfExif(webpExif(await bytesOf(file)));
  if (starts("\xff\xd8\xff")) return textsOfExif(jpegExif(await bytesOf(file)));
  if (starts("\0\0\0\0{", 4)) return textsOfWeights(file);
  if (file.size > MOST_SENT) throw new WorkflowFormatError(text("files.tooLong"));
  return fetchJson<Record<string, string>>("/workflow/embedded", { method: "POST", body: file });
}

const bytesOf = async (file: Blob): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());
