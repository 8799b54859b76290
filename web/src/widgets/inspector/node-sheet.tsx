/** Everything about one node: the canvas can do nothing with it that cannot be done here. */

import { useCatalogue } from "@/catalogue/state";
import { type NodeRecord, nodeId } from "@/document/records";
import { pathOf } from "@/editor/node-path";
import { type OpenDocument, shownScope, useRecord, useSheet } from "@/editor/session";
import { useNodeRun } from "@/run/node-run";
import { NodeHead } from "./node-head";
import { NodeHelp } from "./node-help";
import { NodeInputs } from "./node-inputs";
import { NodeLook } from "./node-look";
import { NodeOutputs } from "./node-outputs";
import { NodePlace } from "./node-place";
import { NodeProblems, NodeResults } from "./node-results";
import { NodeWidgets } from "./node-widgets";
import { showNode } from "./show-node";
import { recordIdOf } from "./wire-changes";
import { definitionOf, type Place } from "./wire-ends";

interface NodeSheetProps {
  readonly document: OpenDocument;
  readonly node: NodeRecord;
}

/** The sheet of a node of the open workflow. */
export function NodeSheet({ document, node: selected }: NodeSheetProps) {
  const { store } = document;
  const scope = shownScope(document);
  const catalogue = useCatalogue((state) => state.catalogue);
  const record = useRecord(store, nodeId(scope, selected.raw.id));
  const run = useNodeRun(document.id, pathOf(document, scope, selected.raw.id));
  // Names of what wires lead to come from the whole sheet.
  useSheet(store, scope);
  if (record?.kind !== "node") return null;
  const place: Place = { store, scope, catalogue };
  const definition = definitionOf(place, record);
  const show = (added: NodeRecord) => showNode(recordIdOf(added));
  return (
    <>
      <NodeHead key={recordIdOf(record)} place={place} node={record} definition={definition} />
      <NodeProblems run={run} />
      <NodeWidgets place={place} node={record} run={run} onAdded={show} />
      <NodeInputs place={place} node={record} onAdded={show} />
      <NodeOutputs place={place} node={record} onAdded={show} />
      <NodeResults run={run} />
      <NodeLook place={place} nodes={[record]} />
      <NodePlace place={place} node={record} />
      {definition && <NodeHelp type={definition.type} />}
    </>
  );
}
