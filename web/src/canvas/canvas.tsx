/** The canvas: draws the document that is shown and lets it be changed. */

import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { type OpenDocument, useActiveDocument } from "@/editor/session";
import { Pointer } from "./gestures/pointer";
import { Stage } from "./stage";
import styles from "./stage.module.css";
import { useScene } from "./use-scene";

/** The canvas of the document that is shown; nothing while there is none. */
export function Canvas() {
  const document = useActiveDocument();
  if (!document) return null;
  return (
    <ReactFlowProvider>
      <Sheet document={document} />
    </ReactFlowProvider>
  );
}

export default Canvas;

function Sheet({ document }: { readonly document: OpenDocument }) {
  const element = useRef<HTMLDivElement>(null);
  const pointer = useRef<Pointer | null>(null);
  const scene = useScene(document);
  useEffect(() => {
    if (!element.current) return undefined;
    pointer.current = new Pointer(element.current);
    return () => pointer.current?.stop();
  }, []);
  return (
    <div ref={element} className={styles.stage} data-stage>
      <span data-edge="before" tabIndex={-1} />
      <Stage document={document} scene={scene} element={element} />
      <span data-edge="after" tabIndex={-1} />
    </div>
  );
}
