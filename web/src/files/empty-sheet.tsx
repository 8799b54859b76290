/** Ways on from an empty workflow, drawn under its middle. */

import { FileUp, LayoutTemplate } from "lucide-react";
import { ROOT } from "@/document/records";
import { openPanel } from "@/editor/panels-state";
import { type OpenDocument, shownScope, useSheet } from "@/editor/session";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { useIsTouch } from "@/ui/media";
import styles from "./empty-sheet.module.css";
import { chooseFiles } from "./take-files";

/** Nothing as soon as there is anything on the sheet. */
export function EmptySheet({ document }: { readonly document: OpenDocument }) {
  const text = useText();
  const touch = useIsTouch();
  const sheet = useSheet(document.store, ROOT);
  const empty = sheet?.nodes.length === 0 && sheet.groups.length === 0;
  if (!empty || shownScope(document) !== ROOT) return null;
  return (
    <section className={styles.hint} aria-label={text("files.emptySheet")}>
      <p className={styles.text}>{text(touch ? "files.emptySheetTouch" : "files.emptySheetMouse")}</p>
      <div className={styles.actions}>
        <Button size="small" icon={LayoutTemplate} onClick={() => openPanel("templates")}>
          {text("files.templates")}
        </Button>
        <Button size="small" icon={FileUp} onClick={chooseFiles}>
          {text("files.open")}
        </Button>
      </div>
    </section>
  );
}
