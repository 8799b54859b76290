/** The axes of a workflow's sweep; kept in the workflow itself, so that they are saved with it. */

import { ownExtra, setOwnExtra } from "@/document/extra";
import { isObject, type Json, type JsonObject, type RecordSource } from "@/document/records";
import { openPanel } from "./panels-state";
import { type OpenDocument, useSession } from "./session";

/** How the values of an axis are given. */
export type AxisMode = "list" | "choices" | "texts" | "replace";

/** A widget that takes several values. */
export interface Axis {
  /** Ids of subgraph instances and the node, joined by `:`. */
  readonly path: string;
  readonly widget: string;
  readonly mode: AxisMode;
  /** For `list` numbers and ranges, for `texts` and `replace` one text a line. */
  readonly text: string;
  /** What is ticked, for `choices`. */
  readonly choices: readonly Json[];
}

/** Across, down, and one page after the other. */
export const MOST_AXES = 3;

const NAME = "sweep";
const MODES: ReadonlySet<unknown> = new Set<AxisMode>(["list", "choices", "texts", "replace"]);

/** Return the axes of a workflow. */
export function axesOf(records: RecordSource): readonly Axis[] {
  const kept = ownExtra(records, NAME);
  const list = isObject(kept) && Array.isArray(kept.axes) ? (kept.axes as readonly Json[]) : [];
  return list.flatMap(axisOf).slice(0, MOST_AXES);
}

function axisOf(json: Json): Axis[] {
  if (!isObject(json)) return [];
  const { path, widget, mode, text, choices } = json;
  if (typeof path !== "string" || typeof widget !== "string" || !MODES.has(mode)) return [];
  return [
    {
      path,
      widget,
      mode: mode as AxisMode,
      text: typeof text === "string" ? text : "",
      choices: Array.isArray(choices) ? choices : [],
    },
  ];
}

/** Change the axes of a workflow; one step of undo, with the one before where `merge` is the same. */
export function changeAxes(
  document: OpenDocument,
  change: (axes: readonly Axis[]) => readonly Axis[],
  merge = "",
): void {
  document.store.transact(
    "sweep.change",
    (tx) => {
      const axes = change(axesOf(tx)).map((axis): JsonObject => ({ ...axis, choices: [...axis.choices] }));
      setOwnExtra(tx, NAME, axes.length > 0 ? { axes } : undefined);
    },
    merge,
  );
}

/** Make a widget an axis and show the panel; nothing happens where it is one, or where there are three. */
export function addAxis(documentId: string, path: string, widget: string): void {
  const document = useSession.getState().documents.find(({ id }) => id === documentId);
  if (!document) return;
  openPanel("sweep");
  const axes = axesOf(document.store.records);
  if (axes.length >= MOST_AXES || axes.some((one) => one.path === path && one.widget === widget)) return;
  const axis: Axis = { path, widget, mode: "list", text: "", choices: [] };
  changeAxes(document, (before) => [...before, axis]);
}
