/** The examples of an app: a press fills in the fields. */

import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import type { AppField } from "./app-fields";
import styles from "./example-list.module.css";
import { exampleName, examplesOf } from "./examples";
import { applyValues } from "./shared-values";

interface ExampleListProps {
  readonly document: OpenDocument;
  readonly fields: readonly AppField[];
}

/** Draws nothing where the author gave none. */
export function ExampleList({ document, fields }: ExampleListProps) {
  const text = useText();
  const examples = examplesOf(document.store.records);
  if (examples.length === 0) return null;
  return (
    <fieldset className={styles.examples}>
      <legend className={styles.title}>{text("app.examples")}</legend>
      {examples.map((values, at) => {
        const name = exampleName(values, fields) || String(at + 1);
        return (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: examples are told apart by their place alone
            key={at}
            type="button"
            className={styles.example}
            title={name}
            onClick={() => applyValues(fields, document.store, values)}
          >
            {name}
          </button>
        );
      })}
    </fieldset>
  );
}
