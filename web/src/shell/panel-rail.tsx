/** The icons at one side: its panels, and at the left also what concerns the whole editor. */

import { Keyboard, Settings } from "lucide-react";
import { showOverlay } from "@/editor/overlays";
import type { Panel } from "@/editor/panel";
import { PANEL_SIDES, type Side, togglePanel, useOpenPanels } from "@/editor/panels-state";
import { useText } from "@/i18n/language";
import { PANELS } from "@/panels/all";
import { IconButton } from "@/ui/icon-button";
import { Toolbar, ToolbarItem } from "@/ui/toolbar";
import { LanguageMenu } from "./language-menu";
import styles from "./panel-rail.module.css";
import { ThemeButton } from "./theme-button";

/** One column of icons. Draws only its edge where the side has no panels. */
export function PanelRail({ side }: { readonly side: Side }) {
  const text = useText();
  const panels = PANELS.filter((panel) => PANEL_SIDES[panel.id] === side);
  return (
    <nav
      className={styles.rail}
      data-side={side}
      aria-label={text(side === "left" ? "shell.panels-left" : "shell.panels-right")}
    >
      <Toolbar vertical className={styles.icons} label={text("shell.panels")}>
        {panels.map((panel) => (
          <PanelButton key={panel.id} panel={panel} />
        ))}
      </Toolbar>
      {side === "left" && <EditorButtons />}
    </nav>
  );
}

const useNone = (): number => 0;

function PanelButton({ panel }: { readonly panel: Panel }) {
  const text = useText();
  const open = useOpenPanels((state) => state[PANEL_SIDES[panel.id]] === panel.id);
  const { useCount = useNone } = panel;
  const count = useCount();
  return (
    <ToolbarItem>
      <IconButton
        label={text(panel.label)}
        count={count}
        icon={panel.icon}
        size="large"
        side={PANEL_SIDES[panel.id] === "left" ? "right" : "left"}
        pressed={open}
        data-opens={panel.id}
        onClick={() => togglePanel(panel.id)}
      />
    </ToolbarItem>
  );
}

function EditorButtons() {
  const text = useText();
  return (
    <Toolbar vertical className={styles.icons} label={text("shell.editor")}>
      <ToolbarItem>
        <ThemeButton />
      </ToolbarItem>
      <LanguageMenu />
      <ToolbarItem>
        <IconButton
          label={text("shell.help")}
          keys="?"
          icon={Keyboard}
          size="large"
          side="right"
          onClick={() => showOverlay("help")}
        />
      </ToolbarItem>
      <ToolbarItem>
        <IconButton
          label={text("shell.settings")}
          keys="mod+,"
          icon={Settings}
          size="large"
          side="right"
          onClick={() => showOverlay("settings")}
        />
      </ToolbarItem>
    </Toolbar>
  );
}
