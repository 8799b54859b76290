/** The layout for phones: the canvas over the whole screen, five large buttons below. */

import { useText } from "@/i18n/language";
import { ConnectionBanner } from "../connection-banner";
import { Workspace } from "../workspace";
import { BottomBar } from "./bottom-bar";
import { PanelSheet } from "./panel-sheet";
import styles from "./phone.module.css";
import { PhoneBar } from "./phone-bar";

/** The editor on a narrow screen: the canvas, bars above and below, panels that come up as sheets. */
export default function Phone() {
  const text = useText();
  return (
    <div className={styles.phone}>
      <PhoneBar />
      <main id="canvas" tabIndex={-1} className={styles.main} aria-label={text("shell.canvas")}>
        <ConnectionBanner />
        <Workspace />
      </main>
      <PanelSheet />
      <BottomBar />
    </div>
  );
}
