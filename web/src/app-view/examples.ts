/** Values that the author of an app gives as examples; kept in the workflow, where ComfyUI leaves them alone. */

import { ownExtra, setOwnExtra } from "@/document/extra";
import { isObject, type JsonObject, type RecordSource } from "@/document/records";
import type { Transaction } from "@/document/transaction";
import type { OpenDocument } from "@/editor/session";
import type { AppField } from "./app-fields";
import { keyOf, type Values } from "./shared-values";

const OWN = "appExamples";

/** Return the examples of a workflow's app, in the order in which they are shown. */
export function examplesOf(records: RecordSource): readonly Values[] {
  const kept = ownExtra(records, OWN);
  return Array.isArray(kept) ? kept.filter(isObject) : [];
}

function write(tx: Transaction, examples: readonly Values[]): void {
  setOwnExtra(tx, OWN, examples.length > 0 ? examples.map((one) => ({ ...one }) as JsonObject) : undefined);
}

/** Make values an example; one step of undo. */
export function addExample({ store }: OpenDocument, values: Values): void {
  store.transact("app.example", (tx) => write(tx, [...examplesOf(tx), values]));
}

/** Take an example away, by its place from 0; one step of undo. */
export function removeExample({ store }: OpenDocument, at: number): void {
  store.transact("app.example", (tx) =>
    write(
      tx,
      examplesOf(tx).filter((_, place) => place !== at),
    ),
  );
}

/** Kinds of widgets whose values say what an example is about. */
const TELLING: ReadonlySet<string> = new Set(["multiline", "text", "choice"]);

/** Return what an example is called: its texts, else its numbers, in the order of the fields. */
export function exampleName(values: Values, fields: readonly AppField[]): string {
  const words = (telling: boolean) =>
    fields.flatMap((field) => {
      const value = values[keyOf(field)];
      const fits = TELLING.has(field.slot.kind) === telling && value !== undefined && value !== "";
      return fits ? [telling ? String(value) : `${field.label} ${String(value)}`] : [];
    });
  const texts = words(true);
  return (texts.length > 0 ? texts : words(false)).join(", ");
}
