/** The layout for windows wider than a phone's. */

import { useText } from "@/i18n/language";
import { ConnectionBanner } from "./connection-banner";
import styles from "./desktop.module.css";
import { PanelRail } from "./panel-rail";
import { SidePanel } from "./side-panel";
import { TopBar } from "./top-bar";
import { Workspace } from "./workspace";

/** Bar, rails, panels and canvas; the canvas comes right after the bar for the Tab key. */
export function Desktop() {
  const text = useText();
  return (
    <div className={styles.desktop}>
      <TopBar />
      <main id="canvas" tabIndex={-1} className={styles.main} aria-label={text("shell.canvas")}>
        <ConnectionBanner />
        <Workspace />
      </main>
      <PanelRail side="left" />
      <SidePanel side="left" />
      <SidePanel side="right" />
      <PanelRail side="right" />
    </div>
  );
}
