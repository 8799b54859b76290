/** The examples of an app in the panel: added as the values are now, and taken away. */

import { Plus, X } from "lucide-react";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import type { AppField } from "./app-fields";
import styles from "./app-panel.module.css";
import { addExample, exampleName, examplesOf, removeExample } from "./examples";
import { valuesOf } from "./shared-values";

interface ExampleRowsProps {
  readonly document: OpenDocument;
  readonly fields: readonly AppField[];
}

/** A heading with the button that adds one, and a row for each. */
export function ExampleRows({ document, fields }: ExampleRowsProps) {
  const text = useText();
  const { store } = document;
  const examples = examplesOf(store.records);
  const nameOf = (at: number) => exampleName(examples[at] ?? {}, fields) || String(at + 1);
  return (
    <section className={styles.section} aria-label={text("app.examples")}>
      <div className={styles.head}>
        <h3 className={styles.title}>{text("app.examples")}</h3>
        <Button size="small" icon={Plus} onClick={() => addExample(document, valuesOf(fields, store))}>
          {text("app.add-example")}
        </Button>
      </div>
      {examples.length === 0 && <p className={styles.about}>{text("app.examples-about")}</p>}
      <ul className={styles.rows}>
        {examples.map((_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: examples are told apart by their place alone
          <li key={at} className={styles.row}>
            <div className={styles.line}>
              <span className={styles.name}>{nameOf(at)}</span>
              <IconButton
                size="small"
                label={text("app.remove-example", { name: nameOf(at) })}
                icon={X}
                onClick={() => removeExample(document, at)}
              />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
