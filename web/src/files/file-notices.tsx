/** Notices over the canvas about the workflow that is shown. */

import { PuzzleIcon, TabletSmartphone, X } from "lucide-react";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { useCatalogue } from "@/catalogue/state";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import styles from "./file-notices.module.css";
import { missingKinds } from "./missing-kinds";
import { useIsElsewhere } from "./other-tabs";
import { detachCopy } from "./save";

const MissingKindsDialog = lazy(() => import("./missing-kinds-dialog"));

/** What the user should know about this document: kinds that are missing, another tab that has its file. */
export function FileNotices({ document }: { readonly document: OpenDocument }) {
  return (
    <div className={styles.notices}>
      <ElsewhereNotice document={document} />
      <MissingNotice document={document} />
    </div>
  );
}

interface NoticeProps {
  readonly icon: ReactNode;
  readonly text: string;
  readonly action: ReactNode;
  readonly onClose: () => void;
}

function Notice({ icon, text, action, onClose }: NoticeProps) {
  const say = useText();
  return (
    <div className={styles.notice} role="status">
      {icon}
      <p className={styles.text}>{text}</p>
      {action}
      <IconButton label={say("common.close")} icon={X} size="small" onClick={onClose} />
    </div>
  );
}

function ElsewhereNotice({ document }: { readonly document: OpenDocument }) {
  const text = useText();
  const elsewhere = useIsElsewhere(document.path);
  const [seen, setSeen] = useState(false);
  if (!elsewhere || seen) return null;
  return (
    <Notice
      icon={<TabletSmartphone size={18} strokeWidth={1.75} aria-hidden className={styles.icon} />}
      text={text("files.openElsewhere", { title: document.title })}
      action={
        <Button size="small" onClick={() => detachCopy(document)}>
          {text("files.makeCopy")}
        </Button>
      }
      onClose={() => setSeen(true)}
    />
  );
}

/** Looks for missing kinds when the document is opened and whenever the server's kinds change. */
function MissingNotice({ document: { store } }: { readonly document: OpenDocument }) {
  const text = useText();
  const { catalogue, loaded } = useCatalogue();
  const missing = useMemo(
    () => (loaded ? missingKinds(store.records, catalogue) : []),
    [store, catalogue, loaded],
  );
  const [closed, setClosed] = useState(false);
  const [listed, setListed] = useState(false);
  if (missing.length === 0 || closed) return null;
  const count = missing.reduce((sum, { ids }) => sum + ids.length, 0);
  return (
    <>
      <Notice
        icon={<PuzzleIcon size={18} strokeWidth={1.75} aria-hidden className={styles.icon} />}
        text={text("files.missingKinds", { count })}
        action={
          <Button size="small" onClick={() => setListed(true)}>
            {text("files.showMissing")}
          </Button>
        }
        onClose={() => setClosed(true)}
      />
      <Suspense fallback={null}>
        {listed && <MissingKindsDialog missing={missing} onClose={() => setListed(false)} />}
      </Suspense>
    </>
  );
}
