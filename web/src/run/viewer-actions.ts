/** What can be done with a result that is looked at. */

import { widgetSlots } from "@/catalogue/slots";
import { useCatalogue } from "@/catalogue/state";
import { addNode } from "@/document/nodes";
import type { NodeRecord } from "@/document/records";
import { setValue } from "@/document/values";
import { middleOfCanvas } from "@/editor/canvas-view";
import { loadCatalogue } from "@/editor/load-catalogue";
import { activeDocument, type OpenDocument, shownScope } from "@/editor/session";
import { text } from "@/i18n/language";
import { inputValue, uploadImage } from "@/server/uploads";
import { toast } from "@/ui/toast";
import type { OutputItem } from "./outputs";
import { deleteJob } from "./queue-actions";
import { attempt } from "./run";
import { useViewer, type ViewedItem } from "./viewer-state";

async function contentOf(item: OutputItem): Promise<Blob> {
  return (await fetch(item.url)).blob();
}

/** Put a picture into the clipboard. */
export async function copyPicture(item: OutputItem): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": asPng(item) })]);
    toast({ text: text("run.copied"), kind: "success", key: "viewer" });
  } catch {
    toast({ text: text("run.copyFailed"), kind: "error", key: "viewer" });
  }
}

/** Clipboards take PNG only. */
async function asPng(item: OutputItem): Promise<Blob> {
  const content = await contentOf(item);
  if (content.type === "image/png") return content;
  const bitmap = await createImageBitmap(content);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}

/** Let the browser save the file. */
export function download(item: OutputItem): void {
  const link = document.createElement("a");
  link.href = item.kind === "text" ? URL.createObjectURL(new Blob([item.text ?? ""])) : item.url;
  link.download = item.filename || "text.txt";
  link.click();
}

/** Copy a picture into the server's inputs, and give it to the node that loads one: the selected one, else the first, else a new one. */
export async function takeAsInput(item: OutputItem): Promise<void> {
  const open = activeDocument();
  if (!open) return;
  await attempt(async () => {
    const stored = await uploadImage(await contentOf(item), { name: item.filename });
    await loadCatalogue();
    const value = inputValue(stored);
    open.store.transact("run.useAsInput", (tx) => {
      const kind = useCatalogue.getState().catalogue.get("LoadImage");
      if (!kind) return;
      const node = loaderIn(open) ?? addNode(tx, shownScope(open), kind, middleOfCanvas());
      const slot = widgetSlots(kind, node.raw).find((one) => one.sent && one.name === "image");
      if (slot) setValue(tx, node.scope, node.raw.id, slot, value);
    });
    toast({ text: text("run.usedAsInput", { name: stored.filename }), kind: "success", key: "viewer" });
  });
}

function loaderIn(open: OpenDocument): NodeRecord | undefined {
  const onSheet = open.store.sheet(shownScope(open)).nodes;
  return [...open.selection, ...onSheet]
    .map((id) => open.store.get(id))
    .find((record): record is NodeRecord => record?.kind === "node" && record.raw.type === "LoadImage");
}

/** Delete the job of a result when the user says so, and take its results from the view. */
export async function deleteResult({ job, title, filename }: ViewedItem): Promise<void> {
  if (job === undefined || !(await deleteJob(job, title ?? filename, true))) return;
  useViewer.setState(({ items, index }) => {
    const left = items.filter((item) => item.job !== job);
    return {
      items: left,
      index: left.length === 0 || index === null ? null : Math.min(index, left.length - 1),
      other: null,
    };
  });
}
