/** The menu that a click on a wire opens. */

import { useText } from "@/i18n/language";
import { screenToCanvas } from "./camera";
import { setCanvasState, useCanvasState } from "./canvas-state";
import { wireEntries } from "./menus/wire-entries";
import { PointMenu } from "./point-menu";
import type { Scene } from "./scene";

/** Shown while a wire has been clicked. */
export function WireMenu({ scene }: { readonly scene: Scene }) {
  const text = useText();
  const open = useCanvasState((state) => state.wireMenu);
  if (!open || !scene.wires.has(open.id)) return null;
  return (
    <PointMenu
      at={open.at}
      label={text("canvas.wire")}
      entries={wireEntries(scene, open.id, screenToCanvas(open.at))}
      onClose={() => setCanvasState({ wireMenu: null })}
    />
  );
}
