/** The panel that is open on a phone: a sheet from the bottom, half as high as the screen or all of it. */

import { X } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { reportCovered, reveal } from "@/canvas/camera";
import type { Panel } from "@/editor/panel";
import { closePanel, useOpenPanels } from "@/editor/panels-state";
import { useActiveDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { PANELS } from "@/panels/all";
import { IconButton } from "@/ui/icon-button";
import { PanelContent } from "../panel-content";
import styles from "./panel-sheet.module.css";
import { useSheetDrag } from "./sheet-drag";

/** Draws nothing while no panel is open. */
export function PanelSheet() {
  const id = useOpenPanels((state) => state.right ?? state.left);
  const panel = PANELS.find((one) => one.id === id);
  return panel ? <Sheet key={panel.id} panel={panel} /> : null;
}

/** Say what the sheet covers, and keep what is selected in the part of the canvas above it. */
function useRoomAbove(sheet: RefObject<HTMLElement | null>): void {
  const selection = useActiveDocument()?.selection;
  const chosen = selection?.size === 1 ? [...selection][0] : undefined;
  useEffect(() => {
    const element = sheet.current;
    if (!element) return undefined;
    const report = () => reportCovered(element.offsetHeight);
    report();
    const sizes = new ResizeObserver(report);
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      reportCovered(0);
    };
  }, [sheet]);
  useEffect(() => {
    if (chosen !== undefined) reveal(chosen);
  }, [chosen]);
}

/** The sheet takes the focus; when it closes, what had the focus before gets it back, else the canvas. */
function useFocusWhileOpen(sheet: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    sheet.current?.focus();
    return () => {
      // The next sheet, or who took the focus by itself, keeps it.
      requestAnimationFrame(() => {
        if (document.activeElement && document.activeElement !== document.body) return;
        const back = before instanceof HTMLElement && before.isConnected && before !== document.body;
        (back ? before : document.getElementById("canvas"))?.focus({ preventScroll: true });
      });
    };
  }, [sheet]);
}

function Sheet({ panel }: { readonly panel: Panel }) {
  const text = useText();
  const [full, setFull] = useState(false);
  const sheet = useRef<HTMLElement>(null);
  const close = () => closePanel(panel.id);
  const drag = useSheetDrag(sheet, { full, setFull, close });
  useRoomAbove(sheet);
  useFocusWhileOpen(sheet);
  const label = text(panel.label);
  return (
    <aside
      ref={sheet}
      tabIndex={-1}
      className={styles.sheet}
      data-panel={panel.id}
      data-full={full || undefined}
      aria-label={label}
      onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && close()}
    >
      <header className={styles.header} {...drag}>
        <button
          type="button"
          className={styles.grip}
          aria-expanded={full}
          aria-label={text("shell.sheet-size", { panel: label })}
          onClick={() => setFull(!full)}
        />
        <h2 className={styles.title}>{label}</h2>
        <IconButton label={text("shell.close-panel", { panel: label })} icon={X} onClick={close} />
      </header>
      <div className={styles.body}>
        <PanelContent panel={panel} />
      </div>
    </aside>
  );
}
