/** A node whose results the app shows, in the panel. */

import { X } from "lucide-react";
import { useCatalogue } from "@/catalogue/state";
import { nodeAt } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import { nodeDefinitionOf } from "@/document/subgraphs";
import { toggleOutput } from "@/editor/app-choice";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import styles from "./app-panel.module.css";

interface OutputRowProps {
  readonly document: OpenDocument;
  readonly path: string;
  /** It is there by itself: nobody chose it yet. */
  readonly fixed: boolean;
}

/** One row of the list of results. */
export function OutputRow({ document, path, fixed }: OutputRowProps) {
  const text = useText();
  const catalogue = useCatalogue((state) => state.catalogue);
  const { records } = document.store;
  const node = nodeAt(records, path);
  const title = node
    ? titleOf(node.raw, nodeDefinitionOf(records, catalogue, node.raw, node.scope))
    : text("app.node-gone");
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <span className={styles.name}>
          {title} <span className={styles.node}>#{path}</span>
        </span>
        {!fixed && (
          <IconButton
            size="small"
            label={text("app.take-out", { name: title })}
            icon={X}
            onClick={() => toggleOutput(document, path)}
          />
        )}
      </div>
    </li>
  );
}
