/** Workflows that were deleted, with a way back for each. */

import { ChevronDown, ChevronRight, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { bringBack } from "./file-actions";
import { nameOfPath } from "./file-names";
import styles from "./panel.module.css";
import { useWorkflowList } from "./workflow-list";
import row from "./workflow-row.module.css";

/** Nothing where none was deleted. */
export function DeletedFiles() {
  const text = useText();
  const deleted = useWorkflowList((state) => state.deleted);
  const [open, setOpen] = useState(false);
  if (deleted.length === 0) return null;
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <section className={styles.section} aria-label={text("files.deletedWorkflows")}>
      <button type="button" data-row className={row.name} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Arrow size={14} aria-hidden className={row.icon} />
        <span className={row.label}>{text("files.deletedWorkflows")}</span>
        <span className={row.detail}>{deleted.length}</span>
      </button>
      {open && (
        <ul>
          {deleted.map((version) => (
            <li key={version.of} className={row.row}>
              <span className={row.name}>
                <span className={row.label}>{nameOfPath(version.of)}</span>
              </span>
              <IconButton
                label={text("files.bringBackOne", { name: nameOfPath(version.of) })}
                icon={RotateCcw}
                size="small"
                onClick={() => void bringBack(version.of, version)}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
