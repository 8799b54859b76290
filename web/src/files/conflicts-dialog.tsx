/** What was changed here and in the file at the same time. */

import { useState } from "react";
import { useCatalogue } from "@/catalogue/state";
import { titleOf } from "@/document/nodes";
import type { DocumentRecord, RecordId, RecordSource } from "@/document/records";
import { nodeDefinitionOf } from "@/document/subgraphs";
import { useSession } from "@/editor/session";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { type Conflict, hideConflicts } from "./conflicts";
import styles from "./list-dialog.module.css";

/** Lists the conflicts; each can be decided for the file, all is one step of undo each. */
export default function ConflictsDialog({ conflict }: { readonly conflict: Conflict }) {
  const text = useText();
  const document = useSession(({ documents }) => documents.find(({ id }) => id === conflict.documentId));
  if (!document) return null;
  const { store, title } = document;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && hideConflicts()}
      title={text("files.conflictsIn", { title })}
      description={text("files.conflictsText")}
      footer={
        <Button kind="primary" onClick={hideConflicts}>
          {text("common.ok")}
        </Button>
      }
    >
      <ul className={styles.list}>
        {conflict.ids.map((id) => (
          <ConflictItem
            key={id}
            name={nameOf(store, store.get(id) ?? conflict.theirs.get(id)) || id}
            onTheirs={() => store.apply("files.takeTheirs", new Map([[id, changeTo(conflict, id)]]))}
          />
        ))}
      </ul>
    </Dialog>
  );
}

const changeTo = (conflict: Conflict, id: RecordId) => ({
  before: undefined,
  after: conflict.theirs.get(id),
});

interface ConflictItemProps {
  readonly name: string;
  readonly onTheirs: () => void;
}

function ConflictItem({ name, onTheirs }: ConflictItemProps) {
  const text = useText();
  const [taken, setTaken] = useState(false);
  const take = () => {
    onTheirs();
    setTaken(true);
  };
  return (
    <li className={styles.item}>
      <p className={`${styles.main} ${styles.name}`}>{name}</p>
      <Button size="small" disabled={taken} onClick={take}>
        {text(taken ? "files.taken" : "files.takeTheirs")}
      </Button>
    </li>
  );
}

function nameOf(records: RecordSource, record: DocumentRecord | undefined): string {
  if (record?.kind === "node") {
    const { raw, scope } = record;
    const definition = nodeDefinitionOf(records, useCatalogue.getState().catalogue, raw, scope);
    return `${titleOf(raw, definition)} (${raw.id})`;
  }
  if (record?.kind === "group") return String(record.raw.title ?? record.key);
  return "";
}
