/** Pictures and their masks on the server. */

import { apiUrl } from "@/server/api";
import { fileOfValue, inputValue, type StoredFile, uploadMask } from "@/server/uploads";
import { MaskBitmap } from "./mask-bitmap";

/** A picture that is being masked. */
export interface MaskedPicture {
  readonly file: StoredFile;
  readonly picture: ImageBitmap;
  readonly mask: MaskBitmap;
}

async function channel(file: StoredFile, name: "rgb" | "a"): Promise<ImageBitmap> {
  const query = new URLSearchParams({
    filename: file.filename,
    subfolder: file.subfolder,
    type: file.type,
    channel: name,
  });
  const answer = await fetch(apiUrl(`/view?${query}`), { cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status} ${file.filename}`);
  return createImageBitmap(await answer.blob());
}

/** Load the picture that a widget names, and the mask that its transparency is. */
export async function loadMasked(value: string): Promise<MaskedPicture> {
  const file = fileOfValue(value);
  const [picture, alpha] = await Promise.all([channel(file, "rgb"), channel(file, "a")]);
  return { file, picture, mask: new MaskBitmap(picture.width, picture.height, alpha) };
}

/** Save a mask as the transparency of a copy of the picture; return the value for the widget. */
export async function saveMask({ file, mask }: MaskedPicture): Promise<string> {
  const stored = await uploadMask(await mask.toTransparency(), file, {
    name: `clipspace-mask-${Date.now()}.png`,
    subfolder: "clipspace",
    type: "input",
  });
  // Lists of inputs have no files in folders: with the root behind its name the server takes it all the same.
  return `${inputValue(stored)} [${stored.type}]`;
}
