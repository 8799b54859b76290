/** The card with the first steps, for those who are here for the first time. */

import { MousePointerClick, Play, TextCursorInput, X } from "lucide-react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { useIsTouch } from "@/ui/media";
import styles from "./first-steps.module.css";
import { changeSetting, useSetting } from "./settings";

/** Three lines at the edge of the canvas, until they are closed; never again after that. */
export function FirstSteps() {
  const text = useText();
  const seen = useSetting("hintSeen");
  const touch = useIsTouch();
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
      <IconButton
        label={text("shell.first-close")}
        icon={X}
        size="small"
        onClick={() => changeSetting("hintSeen", true)}
      />
    </section>
  );
}
