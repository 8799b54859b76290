/** The mounted nodes of a sheet. */

import { useEffect, useState, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import type { RecordId } from "@/document/records";
import { pathOf } from "@/editor/node-path";
import type { OpenDocument } from "@/editor/session";
import { cameraView, onCamera } from "../camera";
import { useCanvasState } from "../canvas-state";
import { MOUNT_ZOOM, Mounting } from "../mounting";
import type { Scene } from "../scene";
import { NodeView } from "./node-view";

interface NodesLayerProps {
  readonly document: OpenDocument;
  readonly scene: Scene;
  /** Told what keeps the set of mounted nodes. */
  readonly onMounting: (mounting: Mounting | null) => void;
}

/** Whether nodes are only painted: the one that the keyboard is on is then there to be heard, not seen. */
const useFar = (): boolean => useSyncExternalStore(onCamera, () => cameraView().zoom < MOUNT_ZOOM);

/** The nodes near enough to be read, in the order in which they lie above each other. */
export function NodesLayer({ document, scene, onMounting }: NodesLayerProps) {
  const [ids, setIds] = useState<ReadonlySet<RecordId>>(new Set());
  const focused = useCanvasState((state) => state.focused);
  const renaming = useCanvasState((state) => state.renaming);
  const far = useFar();
  useEffect(() => {
    const mounting = new Mounting(scene, (next) => flushSync(() => setIds(next)));
    onMounting(mounting);
    return () => {
      mounting.stop();
      onMounting(null);
      setIds(new Set());
    };
  }, [scene, onMounting]);
  // While the keyboard is on a group or a reroute, Tab comes to that.
  const reached = focused !== null && scene.rectOf(focused) ? focused : scene.order[0];
  return scene.order
    .filter((id) => ids.has(id))
    .map((id) => (
      <NodeView
        key={id}
        documentId={document.id}
        scene={scene}
        id={id}
        path={pathOf(document, scene.scope, scene.nodes.get(id)?.record.raw.id ?? "")}
        selected={document.selection.has(id)}
        reached={id === reached}
        ghost={far && renaming !== id}
      />
    ));
}
