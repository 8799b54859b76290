/** Files that a widget takes: put on the server, then named in the widget. */

import type { InputDefinition } from "@/catalogue/definitions";
import type { WidgetSlot } from "@/catalogue/slots";
import { loadCatalogue } from "@/editor/load-catalogue";
import { text } from "@/i18n/language";
import { ServerError } from "@/server/api";
import { CANCELLED } from "@/server/sending";
import { inputValue, uploadImage } from "@/server/uploads";
import { toast } from "@/ui/toast";
import type { WidgetBinding } from "../widget-binding";

/** Options of an input that ask for a file, and what a file chooser is told to show for each. */
const ACCEPTED: Readonly<Record<string, string>> = {
  image_upload: "image/*",
  animated_image_upload: "image/webp,image/gif,image/png",
  video_upload: "video/*",
  audio_upload: "audio/*,video/*",
  mesh_upload: ".glb,.gltf,.obj,.ply,.stl,.fbx",
  file_upload: "",
};

/** Return what kinds of files an input takes, as a file chooser wants it ("" is any); undefined for no file. */
export function acceptedFiles(input: InputDefinition): string | undefined {
  const key = Object.keys(ACCEPTED).find((name) => input.options[name] === true);
  return key === undefined ? undefined : ACCEPTED[key];
}

/** Whether a file is of a kind that a file chooser was told to show. */
export function isAccepted(file: File, accepted: string): boolean {
  if (accepted === "") return true;
  return accepted.split(",").some((kind) => {
    if (kind.startsWith(".")) return file.name.toLowerCase().endsWith(kind);
    return kind.endsWith("/*") ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind;
  });
}

/** Return the widget that holds the name of the file that an upload button asks for. */
export function fileSlot(slots: readonly WidgetSlot[], upload: WidgetSlot): WidgetSlot | undefined {
  return slots.find(({ name, sent }) => sent && name === upload.name);
}

/**
 * Put a file into the server's `input` folder and set a widget to it. What goes wrong is told in a message.
 *
 * @returns Whether the widget was set.
 */
export async function uploadInto(
  binding: WidgetBinding,
  input: InputDefinition,
  file: File,
): Promise<boolean> {
  if (!isAccepted(file, acceptedFiles(input) ?? "")) {
    toast({ kind: "error", text: text("widgets.wrongFile", { name: file.name }) });
    return false;
  }
  const subfolder = input.options.upload_subfolder;
  try {
    const stored = await uploadImage(file, typeof subfolder === "string" ? { subfolder } : {});
    binding.set(inputValue(stored));
    loadCatalogue().catch(() => undefined);
    return true;
  } catch (reason) {
    if (reason instanceof ServerError && reason.kind === CANCELLED) return false;
    const detail = reason instanceof Error ? reason.message : String(reason);
    toast({ kind: "error", text: text("widgets.uploadFailed", { name: file.name }), detail });
    return false;
  }
}
