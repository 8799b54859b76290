/** The values of a curve as a table. */

import { useMemo } from "react";
import { useText } from "@/i18n/language";
import { type Curve, listedPoints, memoryFor, shortNumber, smoothed } from "./curve";
import styles from "./curve-table.module.css";

const MOST_ROWS = 200;

interface CurveTableProps {
  readonly curve: Curve;
  /** From 0 to 1. */
  readonly smoothing: number;
}

/** Steps at even distances with their loss, the smoothed one, and the learning rate; the newest first. */
export function CurveTable({ curve, smoothing }: CurveTableProps) {
  const text = useText();
  const { step, loss, rate } = curve;
  const smooth = useMemo(() => smoothed(loss, memoryFor(loss.length, smoothing)), [loss, smoothing]);
  const places = listedPoints(curve, MOST_ROWS).toReversed();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it
    <section className={styles.frame} tabIndex={0} aria-label={text("training.table")}>
      <table className={styles.table}>
        <caption className={styles.caption}>
          {text("training.table-part", { count: places.length, all: step.length })}
        </caption>
        <thead>
          <tr>
            {(["step", "loss", "smooth", "rate"] as const).map((column) => (
              <th key={column} scope="col">
                {text(`training.col-${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.map((at) => (
            <tr key={step[at]}>
              <th scope="row">{step[at]}</th>
              <td>{shortNumber(loss[at] ?? 0)}</td>
              <td>{shortNumber(smooth[at] ?? 0)}</td>
              <td>{shortNumber(rate[at] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
