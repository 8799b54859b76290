/** What each node of the last run cost: time and memory, and which nodes were kept from before. */

import { Timer } from "lucide-react";
import { useMemo, useState, useSyncExternalStore } from "react";
import { useCatalogue } from "@/catalogue/state";
import { nodeAt } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import { type OpenDocument, useActiveDocument } from "@/editor/session";
import { changeSetting, useSetting } from "@/editor/settings";
import { useText } from "@/i18n/language";
import { bytesText, durationText } from "@/i18n/measure-texts";
import { EmptyState } from "@/ui/empty-state";
import { Switch } from "@/ui/switch";
import { goToNode } from "./go-to-node";
import { isInstance, type NodeRun, onNodeRun, runsOf } from "./node-run";
import styles from "./profiler-panel.module.css";

interface Row {
  readonly path: string;
  readonly title: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly cached: boolean;
}

type Column = "title" | "seconds" | "bytes";

/** The whole panel. */
export default function ProfilerPanel() {
  const say = useText();
  const document = useActiveDocument();
  const rows = useRows(document);
  if (!document || rows.length === 0) {
    return <EmptyState icon={Timer} title={say("run.profilerEmpty")} text={say("run.profilerEmptyText")} />;
  }
  return (
    <div className={styles.panel}>
      <Total rows={rows} />
      <Overlay />
      <Table document={document} rows={rows} />
    </div>
  );
}

/** Draw the panel anew when a node's run has changed. */
function useRows(document: OpenDocument | undefined): readonly Row[] {
  const [subscribe, turn] = useMemo(() => {
    let count = 0;
    const listen = (told: () => void) =>
      onNodeRun((id) => {
        if (id !== document?.id) return;
        count += 1;
        told();
      });
    return [listen, () => count] as const;
  }, [document?.id]);
  const now = useSyncExternalStore(subscribe, turn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are as new as the last change
  return useMemo(() => (document ? rowsOf(document) : []), [document, now]);
}

function rowsOf(document: OpenDocument): readonly Row[] {
  const { catalogue } = useCatalogue.getState();
  const rows: Row[] = [];
  for (const [path, run] of runsOf(document.id)) {
    if (isInstance(document.id, path) || !isCounted(run)) continue;
    const node = nodeAt(document.store.records, path);
    if (!node) continue;
    const title = titleOf(node.raw, catalogue.get(node.raw.type));
    rows.push({
      path,
      title,
      seconds: run.seconds ?? 0,
      bytes: run.peakBytes ?? 0,
      cached: run.state === "cached",
    });
  }
  return rows;
}

const isCounted = ({ seconds, state }: NodeRun): boolean => seconds !== null || state === "cached";

function Total({ rows }: { readonly rows: readonly Row[] }) {
  const say = useText();
  const ran = rows.filter(({ cached }) => !cached);
  const time = durationText(ran.reduce((sum, { seconds }) => sum + seconds, 0));
  return (
    <p className={styles.total}>
      {say("run.profilerTotal", { time, count: ran.length, cached: rows.length - ran.length })}
    </p>
  );
}

function Overlay() {
  const say = useText();
  const shown = useSetting("profiler");
  return (
    <Switch
      label={say("run.profilerOverlay")}
      checked={shown}
      onChange={(on) => changeSetting("profiler", on)}
    />
  );
}

interface TableProps {
  readonly document: OpenDocument;
  readonly rows: readonly Row[];
}

function Table({ document, rows }: TableProps) {
  const say = useText();
  const [column, setColumn] = useState<Column>("seconds");
  const most = { seconds: largest(rows, "seconds"), bytes: largest(rows, "bytes") };
  const heading = (id: Column, label: string) => (
    <th scope="col" aria-sort={column === id ? (id === "title" ? "ascending" : "descending") : undefined}>
      <button
        type="button"
        className={styles.sort}
        aria-label={say("run.profilerSort", { column: label })}
        onClick={() => setColumn(id)}
      >
        {label}
      </button>
    </th>
  );
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {heading("title", say("run.profilerNode"))}
          {heading("seconds", say("run.profilerTime"))}
          {heading("bytes", say("run.profilerMemory"))}
        </tr>
      </thead>
      <tbody>
        {[...rows].sort(inOrder(column)).map((row) => (
          <tr key={row.path}>
            <th scope="row">
              <button type="button" className={styles.node} onClick={() => goToNode(document, row.path)}>
                {row.title}
              </button>
            </th>
            <Cell
              share={row.seconds / most.seconds}
              text={row.cached ? say("run.profilerCached") : durationText(row.seconds)}
            />
            <Cell share={row.bytes / most.bytes} text={row.bytes > 0 ? bytesText(row.bytes) : ""} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const largest = (rows: readonly Row[], column: "seconds" | "bytes"): number =>
  rows.reduce((most, row) => Math.max(most, row[column]), Number.MIN_VALUE);

const inOrder = (column: Column) => (one: Row, other: Row) =>
  column === "title" ? one.title.localeCompare(other.title) : other[column] - one[column];

function Cell({ share, text }: { readonly share: number; readonly text: string }) {
  return (
    <td className={styles.cell}>
      <span className={styles.bar} style={{ inlineSize: `${Math.min(share, 1) * 100}%` }} aria-hidden />
      <span className={styles.value}>{text}</span>
    </td>
  );
}
