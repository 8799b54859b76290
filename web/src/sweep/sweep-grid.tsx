/** The results of a sweep side by side: values at the edges, all pictures zoomed and moved together. */

import { type CSSProperties, useRef, useState } from "react";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { openViewer } from "@/run/viewer-state";
import { Slider } from "@/ui/slider";
import type { ResolvedAxis } from "./axis-values";
import { GridCell } from "./grid-cell";
import { type LinkedView, useLinkedView } from "./linked-view";
import styles from "./sweep-grid.module.css";
import { type Cell, resultsOf, type Sweep } from "./sweep-state";

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
  const frame = useRef<HTMLElement>(null);
  const [, , paged] = sweep.axes;
  const shown = Math.min(page, (paged?.values.length ?? 1) - 1);
  const cells = sweep.cells.filter(({ place }) => place[2] === shown);
  useLinkedView(frame, view);
  return (
    <div className={styles.sweep}>
      <Names axes={sweep.axes} />
      {paged && <Pages axis={paged} page={shown} onChange={setPage} />}
      <section
        ref={frame}
        className={styles.frame}
        data-linked={view ? "" : undefined}
        style={{ "--cell": `${size}px` } as CSSProperties}
        aria-label={text("sweep.grid")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it
        tabIndex={0}
      >
        <table className={styles.table}>
          <Head axes={sweep.axes} />
          <Body document={document} sweep={sweep} cells={cells} large={view !== undefined} />
        </table>
      </section>
    </div>
  );
}

/** What the columns and rows stand for; names would be too long for the edges of small grids. */
function Names({ axes }: { readonly axes: readonly ResolvedAxis[] }) {
  const text = useText();
  const [across, down] = axes;
  return (
    <p className={styles.names}>
      {across && (
        <span>
          {text("sweep.across")}: <b>{across.name}</b>
        </span>
      )}
      {down && (
        <span>
          {text("sweep.down")}: <b>{down.name}</b>
        </span>
      )}
    </p>
  );
}

/** The values of the first axis. */
function Head({ axes }: { readonly axes: readonly ResolvedAxis[] }) {
  const [across, down] = axes;
  return (
    <thead>
      <tr>
        {down && <td className={styles.corner} />}
        {across?.values.map(({ label }) => (
          <th key={label} scope="col" className={styles.column}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface BodyProps {
  readonly document: OpenDocument;
  readonly sweep: Sweep;
  /** Those of the page that is shown. */
  readonly cells: readonly Cell[];
  readonly large: boolean;
}

/** A row for each value of the second axis; one row where there is none. */
function Body({ document, sweep, cells, large }: BodyProps) {
  const [, down] = sweep.axes;
  const rows = down?.values.map(({ label }) => label) ?? [""];
  const open = (cell: Cell) => {
    const items = cells.flatMap((one) =>
      resultsOf(one)
        .slice(0, 1)
        .map((item) => ({ ...item, job: one.job })),
    );
    openViewer(
      items,
      Math.max(
        0,
        items.findIndex(({ job }) => job === cell.job),
      ),
    );
  };
  return (
    <tbody>
      {rows.map((label, row) => (
        <tr key={label}>
          {down && (
            <th scope="row" className={styles.row}>
              {label}
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
                  large={large}
                  onOpen={() => open(cell)}
                />
              </td>
            ))}
        </tr>
      ))}
    </tbody>
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
