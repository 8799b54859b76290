/** Files that are dropped on the canvas: into the node under them, or as a node that loads them. */

import type { NodeDefinition } from "@/catalogue/definitions";
import { type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import { useCatalogue } from "@/catalogue/state";
import { addNode } from "@/document/nodes";
import { type NodeRecord, nodeId, type Point } from "@/document/records";
import { activeDocument, type OpenDocument, shownScope, useSession } from "@/editor/session";
import type { FilePlace } from "@/files/file-place";
import { covers } from "@/geometry/rect";
import { acceptedFiles, fileSlot, isAccepted, uploadInto } from "@/widgets/upload/upload-into";
import { bindWidget } from "@/widgets/widget-binding";
import { canvasPointAtCentre, screenToCanvas, shownScene } from "./camera";

/** Kinds of nodes that load one file each, the first that takes a file is used. */
const LOADERS = ["LoadImage", "LoadAudio", "LoadVideo"];

/** The canvas as a place for files. */
export const fileDrops: FilePlace = {
  put: async (file, at) => {
    const document = activeDocument();
    const item = document && nodeUnder(at);
    const target = item?.definition && fileTarget(item.definition, item.record, file);
    if (!document || !item || !target?.input) return false;
    return uploadInto(binding(document, item.record, target), target.input, file);
  },
  adding: (file, at) => {
    const document = activeDocument();
    const definition = document && loaderOf(file);
    return definition ? () => addLoader(document, definition, file, at) : null;
  },
  picture: async () => (await import("./graph-picture")).graphPicture(),
};

function nodeUnder(at: Point) {
  const scene = shownScene();
  // What lies over the canvas, such as a panel, is no part of it.
  if (!scene || !document.elementFromPoint(...at)?.closest("[data-canvas]")) return undefined;
  const point = screenToCanvas(at);
  return [...scene.nodes.values()].reverse().find(({ box }) => covers(box, point));
}

const binding = ({ store }: OpenDocument, { scope, raw }: NodeRecord, slot: WidgetSlot) =>
  bindWidget(store, scope, raw.id, slot);

/** Return the widget that takes a file on a node, or undefined. */
function fileTarget(definition: NodeDefinition, { raw }: NodeRecord, file: File): WidgetSlot | undefined {
  const slots = widgetSlots(definition, raw);
  const upload = slots.find(({ kind, input }) => {
    const accepted = kind === "upload" && input ? acceptedFiles(input) : undefined;
    return accepted !== undefined && isAccepted(file, accepted);
  });
  return upload && fileSlot(slots, upload);
}

function loaderOf(file: File): NodeDefinition | undefined {
  const { catalogue } = useCatalogue.getState();
  const known = LOADERS.flatMap((type) => catalogue.get(type) ?? []);
  return known.find(({ inputs }) =>
    inputs.some((input) => {
      const accepted = acceptedFiles(input);
      return accepted !== undefined && isAccepted(file, accepted);
    }),
  );
}

async function addLoader(
  document: OpenDocument,
  definition: NodeDefinition,
  file: File,
  at?: Point,
): Promise<void> {
  const scope = shownScope(document);
  const place = at ? screenToCanvas(at) : canvasPointAtCentre();
  const node = document.store.transact("canvas.addNode", (tx) => addNode(tx, scope, definition, place));
  useSession.getState().amend(document.id, { selection: new Set([nodeId(scope, node.raw.id)]) });
  const target = fileTarget(definition, node, file);
  if (target?.input) await uploadInto(binding(document, node, target), target.input, file);
}
