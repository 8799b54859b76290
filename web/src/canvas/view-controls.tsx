/** Buttons that move the view, at the lower right. */

import { Focus, Map as MapIcon, Minus, Plus } from "lucide-react";
import { changeSetting, useSetting } from "@/editor/settings";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { Menu } from "@/ui/menu";
import { Toolbar, ToolbarItem } from "@/ui/toolbar";
import { fitView, useZoom, zoomBy, zoomTo } from "./camera";
import { selected } from "./gestures/select-box";
import { styleEntries } from "./menus/sheet-entries";
import { Minimap } from "./minimap";
import type { Scene } from "./scene";
import styles from "./view-controls.module.css";

const STEPS = [0.25, 0.5, 1, 2];

/** The small map, and buttons to zoom and to show everything. */
export function ViewControls({ scene }: { readonly scene: Scene }) {
  const text = useText();
  const minimap = useSetting("minimap");
  return (
    <div className={styles.corner}>
      {minimap && <Minimap scene={scene} />}
      <Toolbar label={text("canvas.view")} className={styles.bar}>
        <ToolbarItem>
          <IconButton
            label={text("canvas.zoomOut")}
            icon={Minus}
            keys="-"
            side="top"
            onClick={() => zoomBy(0.8)}
          />
        </ToolbarItem>
        <ZoomMenu />
        <ToolbarItem>
          <IconButton
            label={text("canvas.zoomIn")}
            icon={Plus}
            keys="+"
            side="top"
            onClick={() => zoomBy(1.25)}
          />
        </ToolbarItem>
        <ToolbarItem>
          <IconButton label={text("canvas.fit")} icon={Focus} keys="." side="top" onClick={() => fitView()} />
        </ToolbarItem>
        <ToolbarItem>
          <IconButton
            label={text("canvas.minimap")}
            icon={MapIcon}
            pressed={minimap}
            side="top"
            className={styles.wide}
            onClick={() => changeSetting("minimap", !minimap)}
          />
        </ToolbarItem>
      </Toolbar>
    </div>
  );
}

function ZoomMenu() {
  const text = useText();
  const zoom = useZoom();
  const entries = () => [
    ...STEPS.map((step) => ({ label: `${step * 100} %`, onSelect: () => zoomTo(step) })),
    "separator" as const,
    { label: text("canvas.fit"), keys: ".", onSelect: () => fitView() },
    {
      label: text("canvas.fitSelection"),
      keys: "f",
      disabled: selected().size === 0,
      onSelect: () => fitView(selected()),
    },
    "separator" as const,
    { label: text("canvas.wires"), entries: styleEntries() },
  ];
  return (
    <Menu entries={entries} side="top" align="center">
      <button
        type="button"
        className={styles.zoom}
        aria-label={text("canvas.zoomLevel", { zoom: Math.round(zoom * 100) })}
      >
        {Math.round(zoom * 100)} %
      </button>
    </Menu>
  );
}
