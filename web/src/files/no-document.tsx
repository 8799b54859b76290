/** What stands in place of the canvas while no workflow is open. */

import { FilePlus, FileUp, LayoutTemplate } from "lucide-react";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { newDocument } from "./create-document";
import styles from "./no-document.module.css";
import { chooseFiles } from "./take-files";
import { TemplateGrid } from "./template-grid";
import { useTemplates } from "./templates-state";

/** Ways on: a new workflow, a file, a template. */
export function NoDocument() {
  const text = useText();
  const { groups } = useTemplates();
  return (
    <div className={styles.page}>
      <div className={styles.content}>
        <header className={styles.head}>
          <h2 className={styles.title}>{text("files.nothingOpen")}</h2>
          <p className={styles.text}>{text("files.nothingOpenHint")}</p>
          <div className={styles.actions}>
            <Button kind="primary" icon={FilePlus} onClick={() => newDocument()}>
              {text("files.new")}
            </Button>
            <Button icon={FileUp} onClick={chooseFiles}>
              {text("files.open")}
            </Button>
          </div>
        </header>
        {groups && (
          <section aria-label={text("files.templates")}>
            <h2 className={styles.heading}>
              <LayoutTemplate size={16} strokeWidth={1.75} aria-hidden />
              {text("files.templates")}
            </h2>
            <TemplateGrid groups={groups} />
          </section>
        )}
      </div>
    </div>
  );
}
