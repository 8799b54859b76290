/** What the menu of a node offers for the picture that it made. */

import { ClipboardCopy, Download, ZoomIn } from "lucide-react";
import { pathOf } from "@/editor/node-path";
import { activeDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import { nodeRun } from "@/run/node-run";
import { openViewer } from "@/run/viewer-state";
import type { MenuEntry } from "@/ui/menu";
import type { NodeItem, Scene } from "../scene";

/** Return the entries for the first picture of a node; none where it made none. */
export function pictureEntries({ store, scope }: Scene, { record }: NodeItem): MenuEntry[] {
  const document = activeDocument();
  if (document?.store !== store) return [];
  const { outputs } = nodeRun(document.id, pathOf(document, scope, record.raw.id));
  const at = outputs.findIndex(({ kind }) => kind === "image");
  const picture = outputs[at];
  if (!picture) return [];
  const actions = () => import("@/run/viewer-actions");
  return [
    { label: text("canvas.showPicture"), icon: ZoomIn, onSelect: () => openViewer(outputs, at) },
    {
      label: text("canvas.savePicture"),
      icon: Download,
      onSelect: () => void actions().then(({ download }) => download(picture)),
    },
    {
      label: text("run.copyPicture"),
      icon: ClipboardCopy,
      onSelect: () => void actions().then(({ copyPicture }) => copyPicture(picture)),
    },
    "separator",
  ];
}
