/** The whole page takes files: dropped anywhere, or pasted. */

import { FileUp } from "lucide-react";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { text, useText } from "@/i18n/language";
import styles from "./drop-zone.module.css";
import { openWorkflow } from "./open";
import { reportOpening } from "./report";
import { takeFiles } from "./take-files";
import { isWorkflowText, parseWorkflowText } from "./workflow-json";

/** Shows where a file would go while one is dragged over the page. */
export function DropZone() {
  const say = useText();
  const over = useDrops();
  useEffect(() => {
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, []);
  if (!over) return null;
  return createPortal(
    <div className={styles.zone}>
      <p className={styles.sign} role="status">
        <FileUp size={28} strokeWidth={1.5} aria-hidden />
        {say("files.dropHere")}
      </p>
    </div>,
    document.body,
  );
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Take what is dropped unless something on the page took it; returns whether a file is over the page now. */
function useDrops(): boolean {
  const [depth, setDepth] = useState(0);
  useEffect(() => {
    const ended = new AbortController();
    const on = (
      kind: "dragenter" | "dragover" | "dragleave" | "drop",
      act: (event: DragEvent) => void,
      capture = false,
    ) => addEventListener(kind, (event) => hasFiles(event) && act(event), { signal: ended.signal, capture });
    on("dragenter", () => setDepth((now) => now + 1));
    on("dragleave", () => setDepth((now) => Math.max(0, now - 1)));
    on("dragover", (event) => event.preventDefault());
    // Whoever takes the file, the dragging is over.
    on("drop", () => setDepth(0), true);
    on("drop", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      void takeFiles([...(event.dataTransfer?.files ?? [])], [event.clientX, event.clientY]);
    });
    return () => ended.abort();
  }, []);
  return depth > 0;
}

/** Open pasted files, and pasted text that is a workflow; anything else is left to others. */
function paste(event: ClipboardEvent): void {
  if (event.defaultPrevented || isField(event.target)) return;
  const files = [...(event.clipboardData?.files ?? [])];
  const content = event.clipboardData?.getData("text/plain") ?? "";
  if (files.length > 0) void takeFiles(files);
  else if (isWorkflowText(content)) void openPasted(content);
  else return;
  event.preventDefault();
}

async function openPasted(content: string): Promise<void> {
  const title = text("files.pasted");
  await reportOpening(openWorkflow(parseWorkflowText(content, title), { title, unsaved: true }), title);
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
