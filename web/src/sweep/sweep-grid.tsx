/** The results of a sweep side by side: values at the edges, all pictures zoomed and moved together. */

import { useRef, useState } from "react";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { openViewer } from "@/run/viewer-state";
import { Slider } from "@/ui/slider";
import type { ResolvedAxis } from "./axis-values";
import { extent } from "./cells";
import { GridCell } from "./grid-cell";
import { type LinkedView, useLinkedView } from "./linked-view";
import styles from "./sweep-grid.module.css";
import { type Cell, resultsOf, type Sweep } from "./sweep-run";

interface SweepGridProps {
  readonly document: OpenDocument;
  readonly sweep: Sweep;
  /** Side of a cell in CSS pixels. */
  readonly size: number;
  /** Zooms all pictures together; left out where they only have to be found. */
  readonly view?: LinkedView;
}

/** A table of cells, one page of it at a time. */
export function SweepGrid({ document, sweep, size, view }: SweepGridProps) {
  const text = useText();
  const [page, setPage] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  const { axes } = sweep;
  const [across, down, paged] = axes;
  const [columns, rows, pages] = extent(axes.map(({ values }) => values));
  const cells = sweep.cells.filter(({ place }) => place[2] === Math.min(page, pages - 1));
  useLinkedView(frame, view);
  const open = (cell: Cell) => {
    const shown = cells.flatMap((one) =>
      resultsOf(one)
        .slice(0, 1)
        .map((item) => ({ item, job: one.job })),
    );
    openViewer(
      shown.map(({ item, job }) => ({ ...item, job })),
      Math.max(
        0,
        shown.findIndex(({ job }) => job === cell.job),
      ),
    );
  };
  return (
    <div className={styles.sweep}>
      {paged && <Pages axis={paged} page={page} onChange={setPage} />}
      <div
        ref={frame}
        className={styles.frame}
        data-linked={view ? "" : undefined}
        style={{ "--cell": `${size}px` } as React.CSSProperties}
      >
        <table className={styles.table}>
          <caption className="sr-only">{text("sweep.grid")}</caption>
          <thead>
            <tr>
              {down && <td className={styles.corner} />}
              {Array.from({ length: columns }, (_, at) => (
                <th key={across?.values[at]?.label ?? at} scope="col" className={styles.column}>
                  {at === 0 && <span className={styles.axis}>{across?.name}</span>}
                  {across?.values[at]?.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rows }, (_, row) => (
              <tr key={down?.values[row]?.label ?? row}>
                {down && (
                  <th scope="row" className={styles.row}>
                    {row === 0 && <span className={styles.axis}>{down.name}</span>}
                    {down.values[row]?.label}
                  </th>
                )}
                {cells
                  .filter(({ place }) => place[1] === row)
                  .map((cell) => (
                    <td key={cell.job} className={styles.cell}>
                      <GridCell
                        document={document}
                        sweep={sweep}
                        cell={cell}
                        large={view !== undefined}
                        onOpen={() => open(cell)}
                      />
                    </td>
                  ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

interface PagesProps {
  readonly axis: ResolvedAxis;
  readonly page: number;
  readonly onChange: (page: number) => void;
}

/** Goes through the values of the third axis. */
function Pages({ axis, page, onChange }: PagesProps) {
  const { name, values } = axis;
  const label = values[page]?.label ?? "";
  return (
    <div className={styles.pages}>
      <span>
        {name}: <b>{label}</b>
      </span>
      {values.length > 1 && (
        <Slider
          label={name}
          value={page}
          min={0}
          max={values.length - 1}
          valueText={label}
          onChange={onChange}
        />
      )}
    </div>
  );
}
