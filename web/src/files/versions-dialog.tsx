/** The versions of a workflow: what its file held before, each to look at or to bring back. */

import { History } from "lucide-react";
import { useEffect, useState } from "react";
import { useSession } from "@/editor/session";
import { useLanguage, useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { EmptyState } from "@/ui/empty-state";
import { Spinner } from "@/ui/spinner";
import { nameOfPath } from "./file-names";
import styles from "./list-dialog.module.css";
import { reasonOf } from "./report";
import type { Version } from "./user-workflows";
import { listVersions } from "./user-workflows";
import { compareVersion, openVersion, restoreVersion } from "./versions";
import { hideVersions } from "./window-state";

/** Lists the versions of the workflow with a path, newest first. */
export default function VersionsDialog({ path }: { readonly path: string }) {
  const text = useText();
  const [versions, setVersions] = useState<readonly Version[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    listVersions(path).then(setVersions, (reason: unknown) => setError(reasonOf(reason)));
  }, [path]);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && hideVersions()}
      title={text("files.versionsOf", { name: nameOfPath(path) })}
      description={text("files.versionsText")}
    >
      {error !== null && <p role="alert">{error}</p>}
      {error === null && versions === null && <Spinner label={text("common.loading")} />}
      {versions?.length === 0 && <EmptyState icon={History} title={text("files.noVersions")} />}
      <ul className={styles.list}>
        {versions?.map((version) => (
          <VersionItem key={version.path} path={path} version={version} />
        ))}
      </ul>
    </Dialog>
  );
}

interface VersionItemProps {
  readonly path: string;
  readonly version: Version;
}

function VersionItem({ path, version }: VersionItemProps) {
  const text = useText();
  const language = useLanguage((state) => state.language);
  const open = useSession(({ documents }) => documents.find((one) => one.path === path));
  const [compared, setCompared] = useState<string | null>(null);
  const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
  const size = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    <li className={styles.item}>
      <div className={styles.main}>
        <p className={styles.name}>{time.format(version.modified)}</p>
        <p className={styles.detail} aria-live="polite">
          {compared ?? text("files.kilobytes", { size: size.format(version.size / 1000) })}
        </p>
      </div>
      <div className={styles.buttons}>
        {open && (
          <Button
            size="small"
            kind="quiet"
            onClick={() => void compareVersion(version, open).then(setCompared)}
          >
            {text("files.compare")}
          </Button>
        )}
        <Button size="small" onClick={() => void openVersion(path, version)}>
          {text("common.open")}
        </Button>
        {open && (
          <Button size="small" onClick={() => void restoreVersion(version, open)}>
            {text("files.restore")}
          </Button>
        )}
      </div>
    </li>
  );
}
