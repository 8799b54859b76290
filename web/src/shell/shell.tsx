/** The editor as a whole: the bar at the top, the canvas, the panels at its sides, what opens over it. */

import { lazy, Suspense, useEffect } from "react";
import { useText } from "@/i18n/language";
import { Announcer } from "@/ui/announcer";
import { useIsPhone } from "@/ui/media";
import { Questions } from "@/ui/questions";
import { followScreenKeyboard } from "@/ui/screen-room";
import { Toasts } from "@/ui/toasts";
import { TooltipProvider } from "@/ui/tooltip";
import { Desktop } from "./desktop";
import { fetchPalettes, Overlays } from "./overlays-host";
import styles from "./shell.module.css";

const Phone = lazy(() => import("./phone/phone"));

/** The whole editor, laid out for the width of the window. */
export function Shell() {
  const text = useText();
  const phone = useIsPhone();
  useEffect(fetchPalettes, []);
  useEffect(followScreenKeyboard, []);
  return (
    <TooltipProvider>
      <a className={styles.skip} href="#canvas">
        {text("shell.skip-to-canvas")}
      </a>
      {phone ? (
        <Suspense fallback={null}>
          <Phone />
        </Suspense>
      ) : (
        <Desktop />
      )}
      <Overlays />
      <Questions />
      <Toasts />
      <Announcer />
    </TooltipProvider>
  );
}
