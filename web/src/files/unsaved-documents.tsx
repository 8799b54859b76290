/** Open workflows with changes that no file has, and drafts that other browsers left on the server. */

import { FileClock, FilePen } from "lucide-react";
import { useEffect, useState } from "react";
import { type OpenDocument, useSession } from "@/editor/session";
import { useText } from "@/i18n/language";
import type { Draft } from "./journal";
import styles from "./panel.module.css";
import { adopt, draftsElsewhere } from "./remote-drafts";
import { useUnsaved } from "./saved-marker";
import row from "./workflow-row.module.css";

/** Nothing where everything is saved. */
export function Unsaved() {
  const text = useText();
  const documents = useSession((state) => state.documents);
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  useEffect(() => {
    void draftsElsewhere().then(setDrafts);
  }, []);
  const take = (draft: Draft) => {
    adopt([draft]);
    setDrafts((now) => now.filter((one) => one !== draft));
  };
  return (
    <section className={styles.section} aria-label={text("files.unsaved")} data-collapses>
      <h3 className={styles.heading}>{text("files.unsaved")}</h3>
      <ul>
        {documents.map((document) => (
          <UnsavedRow key={document.id} document={document} />
        ))}
        {drafts.map((draft) => (
          <DraftRow key={draft.facts.id} draft={draft} onTake={take} />
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
  readonly draft: Draft;
  readonly onTake: (draft: Draft) => void;
}

function DraftRow({ draft, onTake }: DraftRowProps) {
  const text = useText();
  return (
    <li className={row.row}>
      <button type="button" data-row className={row.name} onClick={() => onTake(draft)}>
        <FileClock size={16} strokeWidth={1.75} aria-hidden className={row.icon} />
        <span className={row.label}>{draft.facts.title}</span>
        <span className={row.detail}>{text("files.otherBrowser")}</span>
      </button>
    </li>
  );
}
