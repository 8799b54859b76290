/** The five buttons at the bottom of a phone. */

import { Ellipsis, LayoutPanelLeft, ListVideo, type LucideIcon, Plus } from "lucide-react";
import type { ComponentProps } from "react";
import { openNodeSearch } from "@/canvas/node-search";
import { COMMANDS } from "@/commands/all";
import { isPanelOpen, togglePanel, useOpenPanels } from "@/editor/panels-state";
import { text, useText } from "@/i18n/language";
import { PANELS } from "@/panels/all";
import { RunButton } from "@/run/run-button";
import { Menu, type MenuEntry } from "@/ui/menu";
import { runLater } from "../main-menu";
import styles from "./phone.module.css";

interface BarButtonProps extends ComponentProps<"button"> {
  readonly label: string;
  readonly icon: LucideIcon;
}

/** An icon with its word below. */
function BarButton({ label, icon: Icon, ...rest }: BarButtonProps) {
  return (
    <button type="button" {...rest} className={styles.button}>
      <Icon size={22} strokeWidth={1.75} aria-hidden />
      <span>{label}</span>
    </button>
  );
}

const panelEntries = (): readonly MenuEntry[] =>
  PANELS.map(({ id, label, icon }) => ({
    label: text(label),
    icon,
    ...(isPanelOpen(id) && { checked: true }),
    onSelect: () => togglePanel(id),
  }));

const IN_MORE = ["help", "view"];

const moreEntries = (): readonly MenuEntry[] =>
  IN_MORE.flatMap((group, place): MenuEntry[] => [
    ...(place > 0 ? (["separator"] as const) : []),
    ...COMMANDS.filter((command) => command.group === group).map((command) => ({
      label: text(command.label),
      disabled: command.enabled ? !command.enabled() : false,
      onSelect: () => runLater(command),
    })),
  ]);

/** Add, panels, run, queue, more. */
export function BottomBar() {
  const say = useText();
  const queueOpen = useOpenPanels((state) => state.left === "queue" || state.right === "queue");
  return (
    <nav className={styles.bottom} aria-label={say("shell.actions")}>
      <BarButton label={say("shell.add-node-short")} icon={Plus} onClick={() => openNodeSearch()} />
      <Menu entries={panelEntries} side="top">
        <BarButton label={say("shell.panels")} icon={LayoutPanelLeft} />
      </Menu>
      <div className={styles.run}>
        <RunButton compact />
      </div>
      <BarButton
        label={say("shell.queue")}
        icon={ListVideo}
        aria-pressed={queueOpen}
        onClick={() => togglePanel("queue")}
      />
      <Menu entries={moreEntries} side="top" align="end">
        <BarButton label={say("common.more")} icon={Ellipsis} />
      </Menu>
    </nav>
  );
}
