/** The panel that shows what is selected: one node, group or reroute, several nodes, or with nothing selected the list of all. */

import { MousePointerClick } from "lucide-react";
import { type GroupRecord, idOf, type NodeRecord, type RerouteRecord } from "@/document/records";
import { type OpenDocument, useActiveDocument, useRecord } from "@/editor/session";
import { useText } from "@/i18n/language";
import { EmptyState } from "@/ui/empty-state";
import { GroupSheet } from "./group-sheet";
import styles from "./inspector.module.css";
import { NodeSheet } from "./node-sheet";
import { Outline } from "./outline";
import { RerouteSheet } from "./reroute-sheet";
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

/** What is selected, where that is one thing and no node: it is drawn anew when that changes. */
function useThing({ store, selection }: OpenDocument): GroupRecord | RerouteRecord | undefined {
  const [id, ...more] = selection;
  const record = useRecord(store, more.length > 0 ? "" : (id ?? ""));
  return record?.kind === "group" || record?.kind === "reroute" ? record : undefined;
}

function Shown({ document }: { readonly document: OpenDocument }) {
  const thing = useThing(document);
  const nodes = selectedNodes(document);
  const [first] = nodes;
  if (thing?.kind === "reroute") {
    return <RerouteSheet key={idOf(thing)} document={document} reroute={thing} />;
  }
  if (thing?.kind === "group") return <GroupSheet key={idOf(thing)} document={document} group={thing} />;
  if (!first) return <Outline document={document} />;
  return nodes.length === 1 ? (
    <NodeSheet key={recordIdOf(first)} document={document} node={first} />
  ) : (
    <Several document={document} nodes={nodes} />
  );
}
