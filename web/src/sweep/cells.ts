/** The cells of a sweep: one for each combination of values. */

import type { Records } from "@/document/diff";
import { nodeAt } from "@/document/node-paths";
import type { Json, JsonObject } from "@/document/records";
import { DocumentStore } from "@/document/store";
import { setValue } from "@/document/values";
import { writeWorkflow } from "@/document/write";
import type { AxisValue, ResolvedAxis } from "./axis-values";

/** More cells than this are not run at once. */
export const MOST_CELLS = 400;

/** Places of a cell's values on the axes: across, down, page; 0 on axes that are not there. */
export type Place = readonly [across: number, down: number, page: number];

/** Return the places of all cells, in the order in which they are run: row by row, page by page. */
export function places(axes: readonly ResolvedAxis[]): readonly Place[] {
  const [columns, rows, pages] = extent(axes.map(({ values }) => values));
  const found: Place[] = [];
  for (let page = 0; page < pages; page++) {
    for (let down = 0; down < rows; down++) {
      for (let across = 0; across < columns; across++) found.push([across, down, page]);
    }
  }
  return found;
}

/** Return how many columns, rows and pages there are; 0 of each without any axis. */
export function extent(values: readonly (readonly AxisValue[])[]): readonly [number, number, number] {
  if (values.length === 0) return [0, 0, 0];
  return [values[0]?.length ?? 1, values[1]?.length ?? 1, values[2]?.length ?? 1];
}

/** Return the workflow of a cell as JSON; the records stay as they are. */
export function workflowOf(records: Records, axes: readonly ResolvedAxis[], place: Place): JsonObject {
  const copy = new DocumentStore(records);
  putValues(copy, axes, place);
  return writeWorkflow(copy.records);
}

/**
 * Give the widgets of a document the values of a cell; one step of undo.
 *
 * @returns Names of the axes whose nodes are gone.
 */
export function putValues(
  store: DocumentStore,
  axes: readonly ResolvedAxis[],
  place: Place,
): readonly string[] {
  const gone: string[] = [];
  store.transact("sweep.use", (tx) => {
    for (const [at, { axis, slot, name, values }] of axes.entries()) {
      const value: Json | undefined = values[place[at] ?? 0]?.value;
      const node = nodeAt(store.records, axis.path);
      if (node && slot && value !== undefined) setValue(tx, node.scope, node.raw.id, slot, value);
      else gone.push(name);
    }
  });
  return gone;
}

/** Write what tells a cell from the others: `Seed 3, Steps 20`. */
export function cellName(axes: readonly ResolvedAxis[], place: Place): string {
  return axes.map(({ name, values }, at) => `${name}: ${values[place[at] ?? 0]?.label ?? ""}`).join(", ");
}
