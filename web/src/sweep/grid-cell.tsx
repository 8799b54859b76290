/** One cell of the grid: its result, and what can be done with it. */

import { CircleAlert, CircleSlash, Clock, CornerDownLeft, Star } from "lucide-react";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { useLiveJobs } from "@/run/live-jobs";
import type { OutputItem } from "@/run/outputs";
import { announce } from "@/ui/announce";
import { IconButton } from "@/ui/icon-button";
import { Spinner } from "@/ui/spinner";
import { toast } from "@/ui/toast";
import { cellName, putValues } from "./cells";
import styles from "./grid-cell.module.css";
import { type Cell, resultsOf, type Sweep, toggleBest } from "./sweep-state";

interface GridCellProps {
  readonly document: OpenDocument;
  readonly sweep: Sweep;
  readonly cell: Cell;
  /** There is room for buttons. */
  readonly large: boolean;
  readonly onOpen: () => void;
}

/** The first result of a cell; a press looks at it in full size. */
export function GridCell({ document, sweep, cell, large, onOpen }: GridCellProps) {
  const text = useText();
  const name = cellName(sweep.axes, cell.place);
  const [item] = resultsOf(cell);
  const best = sweep.best.has(cell.job);
  const use = () => {
    const gone = putValues(document.store, sweep.axes, cell.place);
    if (gone.length === 0) announce(text("sweep.used", { values: name }));
    else toast({ text: text("sweep.not-used", { names: gone.join(", ") }), kind: "warning", key: "sweep" });
  };
  return (
    <div className={styles.cell} data-best={best || undefined}>
      {item ? (
        <button
          type="button"
          className={styles.open}
          aria-label={text("sweep.open-cell", { values: name })}
          onClick={onOpen}
        >
          <Result item={item} />
        </button>
      ) : (
        <div className={styles.waiting} title={cell.message || undefined}>
          <Waiting cell={cell} name={name} />
        </div>
      )}
      {large && (
        <div className={styles.buttons}>
          <IconButton
            size="small"
            label={text("sweep.mark-best", { values: name })}
            icon={Star}
            pressed={best}
            onClick={() => toggleBest(document.id, cell.job)}
          />
          <IconButton
            size="small"
            label={text("sweep.use-values", { values: name })}
            icon={CornerDownLeft}
            onClick={use}
          />
        </div>
      )}
    </div>
  );
}

function Result({ item }: { readonly item: OutputItem }) {
  if (item.kind === "image") return <img src={item.url} alt="" draggable={false} />;
  return <span className={styles.text}>{item.text ?? item.filename}</span>;
}

const SIGNS = { failed: CircleAlert, cancelled: CircleSlash, gone: CircleSlash, done: CircleSlash } as const;

/** A cell without a result yet, or with none. */
function Waiting({ cell, name }: { readonly cell: Cell; readonly name: string }) {
  const text = useText();
  const preview = useLiveJobs(({ jobs }) => jobs.get(cell.job)?.preview ?? null);
  const said = `${name}: ${text(`sweep.state-${cell.state}`)}`;
  if (cell.state === "running") {
    return preview ? <img src={preview} alt={said} draggable={false} /> : <Spinner />;
  }
  const Sign = cell.state === "waiting" ? Clock : SIGNS[cell.state];
  return (
    <>
      <Sign size={18} data-state={cell.state} aria-hidden />
      <span className="sr-only">{said}</span>
      {cell.message && <span className={styles.message}>{cell.message}</span>}
    </>
  );
}
