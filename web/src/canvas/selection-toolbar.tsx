/** Buttons above what is selected. */

import {
  Box,
  CircleSlash2,
  FoldVertical,
  Group,
  MoreHorizontal,
  Palette,
  Play,
  Redo2,
  SlidersHorizontal,
  Trash2,
} from "lucide-react";
import { useEffect, useRef } from "react";
import { MODE } from "@/document/records";
import { enterPanel } from "@/editor/panels-state";
import type { OpenDocument } from "@/editor/session";
import { useText } from "@/i18n/language";
import { runSelected } from "@/run/ways-to-run";
import { IconButton } from "@/ui/icon-button";
import { Menu } from "@/ui/menu";
import { Toolbar, ToolbarItem } from "@/ui/toolbar";
import { cameraSize, cameraView, onCamera } from "./camera";
import { useCanvasState } from "./canvas-state";
import { groupItems, nodesOf, remove, toggleFlag, toggleMode, wrapItems } from "./editing";
import { nodeEntries, tintEntries } from "./menus/node-entries";
import type { Scene } from "./scene";
import styles from "./selection-toolbar.module.css";

interface SelectionToolbarProps {
  readonly document: OpenDocument;
  readonly scene: Scene;
}

/** Shown while nodes are selected and nothing is being dragged. */
export function SelectionToolbar({ document, scene }: SelectionToolbarProps) {
  const busy = useCanvasState(({ drag, box, wiring }) => drag !== null || box !== null || wiring !== null);
  const ids = [...document.selection];
  if (busy || nodesOf(scene, ids).length === 0) return null;
  return <Bar scene={scene} ids={ids} />;
}

/** Keep an element above the selection, within the canvas. */
function useAbove(scene: Scene, ids: readonly string[]) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = () => {
      const bounds = scene.bounds(ids);
      const bar = element.current;
      if (!bounds || !bar) return;
      const { x, y, zoom } = cameraView();
      const [width, height] = cameraSize();
      const half = bar.offsetWidth / 2 + 8;
      const middle = (bounds.x + bounds.width / 2) * zoom + x;
      const top = bounds.y * zoom + y - bar.offsetHeight - 12;
      const left = Math.max(half, Math.min(width - half, middle)) - bar.offsetWidth / 2;
      bar.style.transform = `translate(${left}px, ${Math.max(8, Math.min(height - 60, top))}px)`;
    };
    place();
    const stops = [onCamera(place), scene.subscribe(place)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [scene, ids]);
  return element;
}

function Bar({ scene, ids }: { readonly scene: Scene; readonly ids: readonly string[] }) {
  const text = useText();
  const element = useAbove(scene, ids);
  return (
    <div ref={element} className={styles.place}>
      <Toolbar label={text("canvas.selection")} className={styles.bar}>
        <Act label={text("canvas.runToHere")} icon={Play} keys="alt+enter" run={() => void runSelected()} />
        <Act
          label={text("canvas.mute")}
          icon={CircleSlash2}
          keys="mod+m"
          run={() => toggleMode(scene, ids, MODE.muted)}
        />
        <Act
          label={text("canvas.bypass")}
          icon={Redo2}
          keys="mod+b"
          run={() => toggleMode(scene, ids, MODE.bypassed)}
        />
        <Menu entries={() => tintEntries(scene, ids)}>
          <IconButton label={text("canvas.color")} icon={Palette} size="small" className={styles.button} />
        </Menu>
        <Act
          label={text("canvas.collapse")}
          icon={FoldVertical}
          keys="alt+c"
          run={() => toggleFlag(scene, ids, "collapsed")}
        />
        <Act label={text("canvas.group")} icon={Group} keys="mod+g" run={() => groupItems(scene, ids)} />
        <Act
          label={text("canvas.makeSubgraph")}
          icon={Box}
          keys="mod+shift+g"
          run={() => wrapItems(scene, ids)}
        />
        <Act label={text("canvas.inspect")} icon={SlidersHorizontal} run={() => enterPanel("inspector")} />
        <Act label={text("canvas.remove")} icon={Trash2} keys="delete" run={() => remove(scene, ids)} />
        <Menu entries={() => nodeEntries(scene, ids)} align="end">
          <IconButton
            label={text("canvas.more")}
            icon={MoreHorizontal}
            size="small"
            className={styles.button}
          />
        </Menu>
      </Toolbar>
    </div>
  );
}

interface ActProps {
  readonly label: string;
  readonly icon: typeof Play;
  readonly keys?: string;
  readonly run: () => void;
}

function Act({ label, icon, keys, run }: ActProps) {
  return (
    <ToolbarItem>
      <IconButton
        label={label}
        icon={icon}
        keys={keys}
        size="small"
        className={styles.button}
        onClick={run}
      />
    </ToolbarItem>
  );
}
