/** What the palette offers: commands, open workflows, nodes, panels. */

import { AppWindow, Box, ChevronRight, LayoutTemplate, type LucideIcon } from "lucide-react";
import { focusNode } from "@/canvas/camera";
import { useCatalogue } from "@/catalogue/state";
import { titleOf } from "@/document/nodes";
import { idOf } from "@/document/records";
import { togglePanel } from "@/editor/panels-state";
import { activeDocument, useSession } from "@/editor/session";
import { reportOpening } from "@/files/report";
import { openTemplate, type Template } from "@/files/templates";
import { type TextKey, text } from "@/i18n/language";
import { PANELS } from "@/panels/all";
import { COMMANDS } from "./all";
import { ranked } from "./ranking";

/** A line of the palette. */
export interface PaletteItem {
  /** Identifies it among all items, also the next time. */
  readonly id: string;
  readonly title: string;
  /** Small type after the title. */
  readonly detail?: string;
  readonly icon: LucideIcon;
  readonly keys?: string | undefined;
  readonly run: () => void;
}

/** Lines of the palette under one heading. */
export interface PaletteGroup {
  readonly heading: TextKey;
  readonly items: readonly PaletteItem[];
}

/** The most nodes that are listed. */
const MOST_NODES = 20;
const RECENT = "latentloom.recent-commands";

/** Return the ids of the items that were chosen last, the latest first. */
function recentItems(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return [];
  }
}

/** Remember that an item was chosen. */
export function noteItem(id: string): void {
  const kept = [id, ...recentItems().filter((one) => one !== id)].slice(0, 5);
  localStorage.setItem(RECENT, JSON.stringify(kept));
}

function commandItems(): readonly PaletteItem[] {
  return COMMANDS.filter((command) => command.id !== "help.palette" && (command.enabled?.() ?? true)).map(
    (command) => ({
      id: command.id,
      title: text(command.label),
      detail: text(`shell.group-${command.group}`),
      icon: ChevronRight,
      keys: command.keys?.[0],
      run: () => void command.run(),
    }),
  );
}

function documentItems(): readonly PaletteItem[] {
  const { documents, activeId, activate } = useSession.getState();
  return documents
    .filter(({ id }) => id !== activeId)
    .map(({ id, title, path }) => ({
      id: `document:${id}`,
      title,
      ...(path && { detail: path }),
      icon: AppWindow,
      run: () => activate(id),
    }));
}

const panelItems = (): readonly PaletteItem[] =>
  PANELS.map(({ id, label, icon }) => ({
    id: `panel:${id}`,
    title: text(label),
    icon,
    run: () => togglePanel(id),
  }));

function nodeItems(): readonly PaletteItem[] {
  const { catalogue } = useCatalogue.getState();
  const records = [...(activeDocument()?.store.records.values() ?? [])];
  return records.flatMap((record) => {
    if (record.kind !== "node") return [];
    const id = idOf(record);
    const title = titleOf(record.raw, catalogue.get(record.raw.type));
    const detail = `${record.raw.type} #${record.raw.id}`;
    return [{ id, title, detail, icon: Box, run: () => focusNode(id) }];
  });
}

const wordsOf = ({ title, detail = "" }: PaletteItem): string => `${title} ${detail}`;

const templateItems = (templates: readonly Template[]): readonly PaletteItem[] =>
  templates.map((template) => ({
    id: `template:${template.id}`,
    title: template.title,
    detail: template.description,
    icon: LayoutTemplate,
    run: () => void reportOpening(openTemplate(template), template.title),
  }));

/** Return the groups with what fits a query; nodes and templates only once something was typed. */
export function paletteGroups(query: string, templates: readonly Template[]): readonly PaletteGroup[] {
  const typed = query.trim() !== "";
  const commands = commandItems();
  const recent = recentItems().flatMap((id) => commands.find((one) => one.id === id) ?? []);
  const groups: readonly PaletteGroup[] = [
    { heading: "shell.palette-recent", items: typed ? [] : recent },
    { heading: "shell.palette-commands", items: ranked(commands, query, wordsOf) },
    { heading: "shell.open-workflows", items: ranked(documentItems(), query, wordsOf) },
    { heading: "shell.panels", items: ranked(panelItems(), query, wordsOf) },
    { heading: "shell.palette-nodes", items: typed ? ranked(nodeItems(), query, wordsOf, MOST_NODES) : [] },
    {
      heading: "shell.palette-templates",
      items: typed ? ranked(templateItems(templates), query, wordsOf) : [],
    },
  ];
  return groups.filter(({ items }) => items.length > 0);
}
