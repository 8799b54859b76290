/** The kinds of nodes that a workflow needs and the server has not. */

import { useText } from "@/i18n/language";
import { Dialog } from "@/ui/dialog";
import styles from "./list-dialog.module.css";
import type { MissingKind } from "./missing-kinds";

interface MissingKindsDialogProps {
  readonly missing: readonly MissingKind[];
  readonly onClose: () => void;
}

/** Each kind with how often it is used, where it comes from, and what comes near. */
export default function MissingKindsDialog({ missing, onClose }: MissingKindsDialogProps) {
  const text = useText();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text("files.missingTitle")}
      description={text("files.missingText")}
    >
      <ul className={styles.list}>
        {missing.map(({ type, ids, pack, nearest }) => (
          <li key={type} className={styles.item}>
            <p className={styles.name}>
              {type} <span className={styles.detail}>×{ids.length}</span>
            </p>
            <p className={styles.detail}>
              {pack === null ? text("files.missingNoPack") : text("files.missingPack", { pack })}
              {nearest !== null && ` ${text("files.missingNearest", { nearest })}`}
            </p>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
