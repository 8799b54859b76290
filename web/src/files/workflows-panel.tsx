/** The panel with the user's workflows: what is unsaved, bookmarked, recent, saved, deleted. */

import { CircleAlert, FilePlus, FileUp, FolderOpen, SearchX } from "lucide-react";
import { type KeyboardEvent, useEffect, useState } from "react";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { SearchField } from "@/ui/search-field";
import { Spinner } from "@/ui/spinner";
import { loadBookmarks, useBookmarks } from "./bookmarks";
import { newDocument } from "./create-document";
import { DeletedFiles } from "./deleted-files";
import styles from "./panel.module.css";
import { useRecentFiles } from "./recent-files";
import { chooseFiles } from "./take-files";
import { Unsaved } from "./unsaved-documents";
import { loadWorkflowList, useWorkflowList } from "./workflow-list";
import { FileRow, FolderRow } from "./workflow-row";
import { foundRows, pathRows, type Row, treeRows } from "./workflow-tree";

/** The user's workflows. */
export default function WorkflowsPanel() {
  const text = useText();
  const [search, setSearch] = useState("");
  useEffect(() => {
    void loadWorkflowList();
    void loadBookmarks();
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys go between the buttons inside
    <div className={styles.panel} onKeyDown={goBetween}>
      <div className={styles.actions}>
        <Button icon={FilePlus} size="small" onClick={() => newDocument()}>
          {text("files.new")}
        </Button>
        <Button icon={FileUp} size="small" onClick={chooseFiles}>
          {text("files.open")}
        </Button>
      </div>
      <SearchField label={text("files.searchWorkflows")} value={search} onChange={setSearch} />
      {search.trim() === "" ? <Everything /> : <Found search={search} />}
    </div>
  );
}

function Everything() {
  const text = useText();
  const { files, error } = useWorkflowList();
  const bookmarks = useBookmarks(({ paths }) => paths);
  const recent = useRecentFiles(({ paths }) => paths);
  const there = new Set(files?.map(({ path }) => path));
  const onlyThere = (paths: Iterable<string>) => pathRows([...paths].filter((path) => there.has(path)));
  if (!files && error !== null) return <Failed error={error} />;
  if (!files) return <Spinner label={text("common.loading")} />;
  return (
    <>
      <Unsaved />
      <Section title={text("files.bookmarks")} rows={onlyThere(bookmarks)} />
      <Section title={text("files.recent")} rows={onlyThere(recent).slice(0, 5)} />
      <Saved />
      <DeletedFiles />
    </>
  );
}

function Saved() {
  const text = useText();
  const files = useWorkflowList((state) => state.files) ?? [];
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) =>
    setOpen((now) => (now.has(id) ? new Set([...now].filter((one) => one !== id)) : new Set([...now, id])));
  if (files.length === 0) {
    return (
      <EmptyState icon={FolderOpen} title={text("files.noneSaved")} text={text("files.noneSavedHint")} />
    );
  }
  return <Section title={text("files.saved-workflows")} rows={treeRows(files, open)} onToggle={toggle} />;
}

interface SectionProps {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly onToggle?: (id: string) => void;
}

/** Rows under a heading; nothing where there are none. */
function Section({ title, rows, onToggle }: SectionProps) {
  if (rows.length === 0) return null;
  return (
    <section className={styles.section} aria-label={title}>
      <h3 className={styles.heading}>{title}</h3>
      <ul>
        {rows.map((row) =>
          row.kind === "folder" && onToggle ? (
            <FolderRow key={row.id} row={row} onToggle={onToggle} />
          ) : (
            <FileRow key={row.id} row={row} />
          ),
        )}
      </ul>
    </section>
  );
}

function Found({ search }: { readonly search: string }) {
  const text = useText();
  const files = useWorkflowList((state) => state.files) ?? [];
  const rows = foundRows(files, search);
  if (rows.length === 0) return <EmptyState icon={SearchX} title={text("files.nothingFound", { search })} />;
  return <Section title={text("files.found", { count: rows.length })} rows={rows} />;
}

function Failed({ error }: { readonly error: string }) {
  const text = useText();
  return (
    <EmptyState
      icon={CircleAlert}
      title={text("files.noList")}
      text={error}
      action={<Button onClick={() => void loadWorkflowList()}>{text("common.retry")}</Button>}
    />
  );
}

/** The arrows up and down go from row to row, also over headings. */
function goBetween(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? rows[0] : rows[at + step];
  if (!next || (at < 0 && event.key === "ArrowUp")) return;
  event.preventDefault();
  next.focus();
}
