/** Files on their way into a folder of the server. */

import { apiUrl } from "./api";
import { shownUpload } from "./running-uploads";
import { postForm } from "./sending";

/** One of the server's folders of files. */
export type Folder = "input" | "output" | "temp";

/** A file in one of the server's folders. */
export interface StoredFile {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: Folder;
}

/** Where an upload goes; the server's `input` folder if nothing else is said. */
export interface UploadOptions {
  readonly subfolder?: string;
  readonly type?: Folder;
  /** Replace a file of the same name; otherwise the new one gets a number unless the content is the same. */
  readonly overwrite?: boolean;
  /** Name for what is not a file, or instead of the file's own. */
  readonly name?: string;
}

/**
 * Put a picture, or any other file, into a folder of the server. It is among the running uploads meanwhile, where
 * the user can take it back.
 *
 * Throws a ServerError, of the kind `cancelled` where it was taken back.
 */
export function uploadImage(file: Blob, options: UploadOptions = {}): Promise<StoredFile> {
  return send("/upload/image", file, options, {});
}

/**
 * Save a picture with the transparency of the uploaded one, as PNG; throws a ServerError.
 *
 * @param original The picture that gets the mask.
 */
export function uploadMask(
  file: Blob,
  original: StoredFile,
  options: UploadOptions = {},
): Promise<StoredFile> {
  return send("/upload/mask", file, options, { original_ref: JSON.stringify(original) });
}

/** Return what an input that asks for a file of `input` is set to: `folder/name.png`, perhaps ` [temp]`. */
export function inputValue({ filename, subfolder, type }: StoredFile): string {
  const path = subfolder === "" ? filename : `${subfolder}/${filename}`;
  return type === "input" ? path : `${path} [${type}]`;
}

/** Return the file that the value of such an input names. */
export function fileOfValue(value: string): StoredFile {
  const [, path = value, type = "input"] = /^(.*?)(?: \[(input|output|temp)\])?$/s.exec(value) ?? [];
  const cut = path.lastIndexOf("/");
  return { filename: path.slice(cut + 1), subfolder: path.slice(0, Math.max(cut, 0)), type: type as Folder };
}

/**
 * Return the address at which a file is looked at.
 *
 * @param side Asks for a light WebP of a picture whose longer side has no more pixels than that.
 */
export function viewUrl(file: StoredFile, side = 0): string {
  const query = new URLSearchParams({ filename: file.filename, subfolder: file.subfolder, type: file.type });
  if (side > 0) {
    query.set("preview", "webp;80");
    query.set("size", String(side));
  }
  return apiUrl(`/view?${query}`);
}

interface Kept {
  readonly name: string;
  readonly subfolder: string;
  readonly type: Folder;
}

async function send(
  route: string,
  file: Blob,
  options: UploadOptions,
  more: Readonly<Record<string, string>>,
): Promise<StoredFile> {
  const form = new FormData();
  const name = options.name ?? (file instanceof File ? file.name : "picture.png");
  const fields = { type: options.type ?? "input", subfolder: options.subfolder ?? "", ...more };
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  if (options.overwrite) form.append("overwrite", "true");
  form.append("image", file, name);
  const ends = new AbortController();
  const kept = await shownUpload(
    name,
    () => ends.abort(),
    (onProgress) => postForm<Kept>(route, form, { signal: ends.signal, onProgress }),
  );
  return { filename: kept.name, subfolder: kept.subfolder, type: kept.type };
}
