/** The frame of a widget: its name and the control beside it (on a node) or under it (on a sheet). */

import type { ReactNode } from "react";
import { classNames } from "@/ui/class-names";
import styles from "./field.module.css";

/** Where a field stands: `node` fits the rows of the canvas, `sheet` the inspector. */
export type FieldSize = "node" | "sheet";

/** What every control gets. */
export interface ControlProps {
  /** Id of the element that names the control. */
  readonly labelId: string;
  readonly label: string;
  readonly size: FieldSize;
  /** What is wrong with the value, for a control that is marked. */
  readonly problem: string | undefined;
}

interface FieldProps {
  readonly labelId: string;
  readonly label: string;
  /** What it is for; comes up when the pointer rests on the name. */
  readonly hint: string | undefined;
  readonly size: FieldSize;
  readonly problem: string | undefined;
  /** The control has all the room on a node, and the name is only for screen readers. */
  readonly bare?: boolean;
  /** The control draws its own frame, and names itself. */
  readonly frameless?: boolean;
  readonly children: ReactNode;
}

/** A named control. */
export function Field(props: FieldProps) {
  const { labelId, label, hint, size, problem, bare = false, frameless = false, children } = props;
  const onNode = size === "node";
  const unseen = frameless || (bare && onNode);
  return (
    <div
      className={classNames(onNode ? styles.row : styles.stack, bare && styles.bare, problem && styles.wrong)}
      title={onNode ? problem : undefined}
    >
      <span id={labelId} className={unseen ? "sr-only" : styles.label} title={hint}>
        {label}
      </span>
      <div className={frameless ? styles.own : styles.control}>{children}</div>
      {!onNode && problem && <p className={styles.problem}>{problem}</p>}
    </div>
  );
}
