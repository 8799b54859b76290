/** Open workflows with changes that no file has, and drafts that other browsers left on the server. */

import { FileClock, FilePen, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { type OpenDocument, useSession } from "@/editor/session";
import { useLanguage, useText } from "@/i18n/language";
import { bytesText } from "@/i18n/measure-texts";
import { confirm } from "@/ui/confirm";
import { IconButton } from "@/ui/icon-button";
import type { ListedDraft } from "./draft-server";
import styles from "./panel.module.css";
import { adopt, discard, draftsElsewhere } from "./remote-drafts";
import { report, reportOpening } from "./report";
import { useUnsaved } from "./saved-marker";
import row from "./workflow-row.module.css";

/** Nothing where everything is saved. */
export function Unsaved() {
  const text = useText();
  const documents = useSession((state) => state.documents);
  const [drafts, setDrafts] = useState<readonly ListedDraft[]>([]);
  useEffect(() => {
    void draftsElsewhere().then(setDrafts);
  }, []);
  const drop = (draft: ListedDraft) => setDrafts((now) => now.filter((one) => one !== draft));
  return (
    <section className={styles.section} aria-label={text("files.unsaved")} data-collapses>
      <h3 className={styles.heading}>{text("files.unsaved")}</h3>
      <ul>
        {documents.map((document) => (
          <UnsavedRow key={document.id} document={document} />
        ))}
        {drafts.map((draft) => (
          <DraftRow key={draft.id} draft={draft} onGone={drop} />
        ))}
      </ul>
    </section>
  );
}

function UnsavedRow({ document }: { readonly document: OpenDocument }) {
  const unsaved = useUnsaved(document);
  if (!unsaved) return null;
  return (
    <li className={row.row}>
      <button
        type="button"
        data-row
        className={row.name}
        onClick={() => useSession.getState().activate(document.id)}
      >
        <FilePen size={16} strokeWidth={1.75} aria-hidden className={row.icon} />
        <span className={row.label}>{document.title}</span>
        <span className={row.dot} aria-hidden />
      </button>
    </li>
  );
}

interface DraftRowProps {
  readonly draft: ListedDraft;
  /** Called when it was opened here, or given up. */
  readonly onGone: (draft: ListedDraft) => void;
}

function DraftRow({ draft, onGone }: DraftRowProps) {
  const text = useText();
  const language = useLanguage((state) => state.language);
  const { title, size, modified } = draft;
  const time = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });
  const open = async () => {
    if (await reportOpening(adopt(draft), title)) onGone(draft);
  };
  const giveUp = async () => {
    const sure = {
      title: text("files.discardDraft", { title }),
      action: text("files.discardIt"),
      danger: true,
    };
    if (!(await confirm(sure))) return;
    await discard(draft).then(
      () => onGone(draft),
      (error: unknown) => report(error, "files.notDeleted", { name: title }),
    );
  };
  return (
    <li className={row.row}>
      <button type="button" data-row className={row.name} onClick={() => void open()}>
        <FileClock size={16} strokeWidth={1.75} aria-hidden className={row.icon} />
        <span className={row.lines}>
          <span className={row.label}>{title}</span>
          <span className={row.under}>
            {text("files.otherBrowser", { time: time.format(modified), size: bytesText(size) })}
          </span>
        </span>
      </button>
      <IconButton
        label={text("files.discardDraft", { title })}
        icon={Trash2}
        size="small"
        onClick={() => void giveUp()}
      />
    </li>
  );
}
