/** The card with the first steps, for those who are here for the first time. */

import { MousePointerClick, Play, TextCursorInput, X } from "lucide-react";
import { useEffect } from "react";
import { useActiveDocument } from "@/editor/session";
import { changeSetting, useSetting } from "@/editor/settings";
import { useText } from "@/i18n/language";
import { onEvent } from "@/server/events";
import { IconButton } from "@/ui/icon-button";
import { useIsTouch } from "@/ui/media";
import styles from "./first-steps.module.css";

const close = (): void => changeSetting("hintSeen", true);

/** Whoever edits or runs something has found out. */
function useEndOfHint(seen: boolean): void {
  const store = useActiveDocument()?.store;
  useEffect(() => (seen ? undefined : store?.watchHistory(close)), [seen, store]);
  useEffect(() => (seen ? undefined : onEvent("execution_start", close)), [seen]);
}

/** Three lines at the edge of the canvas, until they are closed or followed; never again after that. */
export function FirstSteps() {
  const text = useText();
  const seen = useSetting("hintSeen");
  const touch = useIsTouch();
  useEndOfHint(seen);
  if (seen) return null;
  return (
    <section className={styles.card} aria-label={text("shell.first-steps")}>
      <ol className={styles.steps}>
        <li>
          <TextCursorInput size={18} aria-hidden />
          {text("shell.first-edit")}
        </li>
        <li>
          <Play size={18} aria-hidden />
          {text("shell.first-run")}
        </li>
        <li>
          <MousePointerClick size={18} aria-hidden />
          {text(touch ? "shell.first-add-touch" : "shell.first-add")}
        </li>
      </ol>
      <IconButton label={text("shell.first-close")} icon={X} size="small" onClick={close} />
    </section>
  );
}
