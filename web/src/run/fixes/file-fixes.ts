/** Fixes for inputs that name a file which is not there: another one, or one from this machine. */

import { setValue } from "@/document/values";
import { loadCatalogue } from "@/editor/load-catalogue";
import { text } from "@/i18n/language";
import { inputValue, uploadImage } from "@/server/uploads";
import type { Fix } from "../problems";
import { dropProblems } from "../problems-state";
import { attempt } from "../run";
import type { Case } from "./case";

/** Kinds of files that inputs take, by the option that says so. */
const ACCEPTED: Readonly<Record<string, string>> = {
  image_upload: "image/*",
  animated_image_upload: "image/*",
  video_upload: "video/*",
  audio_upload: "audio/*",
  file_upload: "",
};

/** Ask for a file, where the input is one that files are uploaded to. */
export function fileInputFixes(found: Case): Fix[] {
  const option = Object.keys(ACCEPTED).find((name) => found.input?.options[name] === true);
  if (!option) return [];
  return [{ label: text("run.fix.upload"), apply: () => upload(found, ACCEPTED[option] ?? "") }];
}

async function upload({ document, node, slot, problem }: Case, accepted: string): Promise<void> {
  const file = await chosenFile(accepted);
  if (!file || !slot) return;
  await attempt(async () => {
    const stored = await uploadImage(file);
    await loadCatalogue();
    document.store.transact("run.fix", (tx) =>
      setValue(tx, node.scope, node.raw.id, slot, inputValue(stored)),
    );
    dropProblems(document.id, ({ id }) => id === problem.id);
  });
}

/** Let the user choose a file; null where none was chosen. */
function chosenFile(accepted: string): Promise<File | null> {
  const field = globalThis.document.createElement("input");
  field.type = "file";
  field.accept = accepted;
  return new Promise((resolve) => {
    field.onchange = () => resolve(field.files?.[0] ?? null);
    field.oncancel = () => resolve(null);
    field.click();
  });
}
