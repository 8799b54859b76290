/** The panel that is open at one side of the canvas. */

import { X } from "lucide-react";
import { closePanel, type Side, useOpenPanels } from "@/editor/panels-state";
import { useText } from "@/i18n/language";
import { PANELS } from "@/panels/all";
import { IconButton } from "@/ui/icon-button";
import { PanelContent } from "./panel-content";
import { ResizeHandle } from "./resize-handle";
import styles from "./side-panel.module.css";

/** Draws nothing while no panel is open at this side. Closing it gives the focus to the button that opens it. */
export function SidePanel({ side }: { readonly side: Side }) {
  const text = useText();
  const id = useOpenPanels((state) => state[side]);
  const width = useOpenPanels((state) => (side === "left" ? state.leftWidth : state.rightWidth));
  const panel = PANELS.find((one) => one.id === id);
  if (!panel) return null;
  const label = text(panel.label);
  const close = () => {
    closePanel(panel.id);
    document.querySelector<HTMLElement>(`[data-opens="${panel.id}"]`)?.focus();
  };
  return (
    <aside
      className={styles.panel}
      data-side={side}
      data-panel={panel.id}
      tabIndex={-1}
      style={{ width }}
      aria-label={label}
    >
      <header className={styles.header}>
        <h2 className={styles.title}>{label}</h2>
        <IconButton
          label={text("shell.close-panel", { panel: label })}
          icon={X}
          size="small"
          onClick={close}
        />
      </header>
      <div className={styles.body}>
        <PanelContent key={panel.id} panel={panel} />
      </div>
      <ResizeHandle side={side} width={width} label={text("shell.resize-panel", { panel: label })} />
    </aside>
  );
}
