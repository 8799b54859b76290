/** Fixes for a workflow in which nothing saves or shows a result. */

import type { NodeDefinition } from "@/catalogue/definitions";
import { sockets } from "@/catalogue/sockets";
import { useCatalogue } from "@/catalogue/state";
import { connect, inputSlotOf } from "@/document/links";
import { addNode, positionOf, setMode, sizeOf } from "@/document/nodes";
import { MODE, type NodeRecord, nodeOf, ROOT, sheetOf } from "@/document/records";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import type { Fix, NodeProblem } from "../problems";
import { definitionOf, editing, nameOf } from "./case";

/** Kinds that show a result, by its type, the usual one first. */
const SHOWN_BY: Readonly<Record<string, readonly string[]>> = {
  IMAGE: ["SaveImage", "PreviewImage"],
  MASK: ["MaskPreview"],
  AUDIO: ["SaveAudio", "PreviewAudio"],
  VIDEO: ["SaveVideo"],
  LATENT: ["SaveLatent"],
  STRING: ["PreviewAny"],
};
const GAP = 60;

/** Switch an output node on that is muted; else add one where a result is that nobody takes. */
export function outputFixes(document: OpenDocument, problem: NodeProblem): Fix[] {
  const { records } = document.store;
  const nodes = (sheetOf(records, ROOT)?.nodes ?? []).flatMap((id) => {
    const node = records.get(id);
    return node?.kind === "node" ? [node] : [];
  });
  const muted = nodes.filter(
    (node) => definitionOf(document, node)?.isOutput && (node.raw.mode ?? 0) !== MODE.always,
  );
  const switched = muted.map((node) =>
    editing({ document, problem }, text("run.fix.unmute", { title: nameOf(document, node) }), (tx) =>
      setMode(tx, ROOT, [node.raw.id], MODE.always),
    ),
  );
  return [...switched, ...nodes.flatMap((node) => addFixes(document, problem, node)).slice(0, 3)];
}

function addFixes(document: OpenDocument, problem: NodeProblem, node: NodeRecord): Fix[] {
  const { catalogue } = useCatalogue.getState();
  if ((node.raw.mode ?? 0) !== MODE.always) return [];
  const { outputs } = sockets(definitionOf(document, node), node.raw);
  return outputs.flatMap((output) => {
    const kinds = (SHOWN_BY[String(output.type)] ?? []).flatMap((type) => catalogue.get(type) ?? []);
    if (output.slot < 0 || output.links.some((id) => leadsOn(document, id))) return [];
    return kinds.slice(0, 2).map((kind) => addFix(document, problem, node, output.slot, kind));
  });
}

/** Whether a link leads to a node that is switched on. */
function leadsOn({ store }: OpenDocument, id: number | string): boolean {
  const link = store.records.get(`link:${ROOT}:${id}`);
  const target = link?.kind === "link" ? nodeOf(store.records, ROOT, link.target) : undefined;
  return target !== undefined && (target.raw.mode ?? 0) === MODE.always;
}

function addFix(
  document: OpenDocument,
  problem: NodeProblem,
  node: NodeRecord,
  originSlot: number,
  kind: NodeDefinition,
): Fix {
  const label = text("run.fix.addOutput", { kind: kind.title, title: nameOf(document, node) });
  return editing({ document, problem }, label, (tx) => {
    const [x, y] = positionOf(node.raw);
    const added = addNode(tx, ROOT, kind, [x + sizeOf(node.raw)[0] + GAP, y]);
    const targetSlot = inputSlotOf(tx, added, kind, kind.inputs[0]?.name ?? "");
    connect(tx, ROOT, { origin: node.raw.id, originSlot, target: added.raw.id, targetSlot });
  });
}
