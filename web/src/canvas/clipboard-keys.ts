/** Copying and pasting nodes: over the system's clipboard as text, so that it works between windows too. */

import { type Clip, copyItems, pasteClip, readClip } from "@/document/clipboard";
import { parseExact, stringifyExact } from "@/document/exact-json";
import { removeItems } from "@/document/nodes";
import type { Json, Point } from "@/document/records";
import { activeDocument, shownScope } from "@/editor/session";
import { text } from "@/i18n/language";
import { toast } from "@/ui/toast";
import { cameraElement, canvasPointAtCentre, screenToCanvas } from "./camera";
import { select, selected } from "./gestures/select-box";

/** What was copied last, for browsers that do not let a page read the clipboard. */
let kept = "";
let pointer: Point | undefined;
let shift = false;

/** Tell whether there is something to copy. */
export const canCopy = (): boolean => selected().size > 0;

/** Copy what is selected. */
export function copySelection(): void {
  const clip = clipText();
  if (clip !== undefined) void toSystem(clip);
}

/** Copy what is selected, and take it away. */
export function cutSelection(): void {
  const clip = clipText();
  if (clip === undefined) return;
  void toSystem(clip);
  takeAway();
}

/**
 * Paste what was copied, at a point of the canvas, or else at the pointer or in the middle; with `keepWires`,
 * joined to what it was joined to.
 */
export async function pasteCopied(keepWires: boolean, where?: Point): Promise<void> {
  const found = await fromSystem();
  const clip = clipIn(found) ?? clipIn(kept);
  if (clip) paste(clip, keepWires, where);
  else toast({ text: text("document.nothingToPaste"), key: "paste" });
}

function clipText(): string | undefined {
  const document = activeDocument();
  if (!document || !canCopy()) return undefined;
  kept = stringifyExact(
    copyItems(document.store.records, shownScope(document), selected()) as unknown as Json,
  );
  return kept;
}

function takeAway(): void {
  const document = activeDocument();
  if (!document) return;
  const ids = selected();
  document.store.transact("document.cut", (tx) => removeItems(tx, shownScope(document), ids));
  select([]);
}

/** Where pages may not write the clipboard, what was copied can still be pasted within the page. */
async function toSystem(clip: string): Promise<void> {
  await navigator.clipboard?.writeText(clip).catch(() => undefined);
}

async function fromSystem(): Promise<string> {
  return (await navigator.clipboard?.readText().catch(() => "")) ?? "";
}

function clipIn(content: string): Clip | undefined {
  if (!content.trimStart().startsWith("{")) return undefined;
  try {
    return readClip(parseExact(content));
  } catch {
    return undefined;
  }
}

function paste(clip: Clip, keepWires: boolean, where?: Point): void {
  const document = activeDocument();
  if (!document) return;
  const at = where ?? (pointer ? screenToCanvas(pointer) : canvasPointAtCentre());
  const place: Point = [Math.round(at[0]), Math.round(at[1])];
  try {
    const ids = document.store.transact("document.paste", (tx) =>
      pasteClip(tx, shownScope(document), clip, place, { keepWires }),
    );
    select(ids);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    toast({ text: text("document.badClip"), detail, kind: "error", key: "paste" });
  }
}

/** Whether the browser copies or pastes something of its own: in a field, or text that is marked. */
function isOthers(event: ClipboardEvent): boolean {
  if (event.defaultPrevented) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  const field = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  const apart = target.closest("[role=dialog], [role=alertdialog], [role=menu]") !== null;
  return field || apart || (event.type !== "paste" && !getSelection()?.isCollapsed);
}

function onCopy(event: ClipboardEvent): void {
  if (isOthers(event)) return;
  const clip = clipText();
  if (clip === undefined) return;
  event.clipboardData?.setData("text/plain", clip);
  event.preventDefault();
  if (event.type === "cut") takeAway();
}

function onPaste(event: ClipboardEvent): void {
  if (isOthers(event)) return;
  const content = event.clipboardData?.getData("text/plain") ?? "";
  const files = event.clipboardData?.files.length ?? 0;
  const clip = clipIn(content) ?? (content === "" && files === 0 ? clipIn(kept) : undefined);
  if (!clip) return;
  event.preventDefault();
  paste(clip, shift);
}

function onMove(event: PointerEvent): void {
  const over = event.target instanceof Node && cameraElement()?.contains(event.target);
  pointer = over ? [event.clientX, event.clientY] : undefined;
}

/** Take part in copying and pasting from now on; returns the function that ends this. */
export function listenToClipboard(): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  addEventListener("copy", onCopy, { signal });
  addEventListener("cut", onCopy, { signal });
  // Before those who take pasted files and whole workflows.
  addEventListener("paste", onPaste, { signal, capture: true });
  addEventListener("pointermove", onMove, { signal, passive: true });
  addEventListener("keydown", (event) => (shift = event.shiftKey), { signal, capture: true });
  return () => ended.abort();
}
