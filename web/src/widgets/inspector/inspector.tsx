/** The panel that shows what is selected: one node, several, or with nothing selected the list of all. */

import { MousePointerClick } from "lucide-react";
import type { NodeRecord } from "@/document/records";
import { type OpenDocument, useActiveDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { EmptyState } from "@/ui/empty-state";
import styles from "./inspector.module.css";
import { NodeSheet } from "./node-sheet";
import { Outline } from "./outline";
import { Several } from "./several";
import { recordIdOf } from "./wire-changes";

/** The inspector of the workflow that is shown. */
export default function Inspector() {
  const text = useText();
  const document = useActiveDocument();
  return (
    <div className={styles.inspector} data-inspector>
      {document ? (
        <Shown key={document.id} document={document} />
      ) : (
        <EmptyState icon={MousePointerClick} title={text("widgets.noWorkflow")} />
      )}
    </div>
  );
}

function selectedNodes({ store, selection }: OpenDocument): NodeRecord[] {
  return [...selection].map((id) => store.get(id)).filter((record) => record?.kind === "node");
}

function Shown({ document }: { readonly document: OpenDocument }) {
  const nodes = selectedNodes(document);
  const [first] = nodes;
  if (!first) return <Outline document={document} />;
  return nodes.length === 1 ? (
    <NodeSheet key={recordIdOf(first)} document={document} node={first} />
  ) : (
    <Several document={document} nodes={nodes} />
  );
}
