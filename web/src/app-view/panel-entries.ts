/** Menus of what can be put into an app. */

import { useCatalogue } from "@/catalogue/state";
import { titleOf } from "@/document/nodes";
import { nodeDefinitionOf } from "@/document/subgraphs";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import { placedNodes } from "@/run/node-paths";
import type { MenuEntry } from "@/ui/menu";
import { labelOf, openSlots, shownChoice } from "./app-fields";
import { isPromoted } from "./inputs";

type Toggle = (document: OpenDocument, path: string, widget: string) => void;

/** Return a menu of all nodes with their widgets; those of the app are ticked. */
export function inputEntries(document: OpenDocument, toggle: Toggle): readonly MenuEntry[] {
  const { records } = document.store;
  const { catalogue } = useCatalogue.getState();
  const entries: MenuEntry[] = [];
  for (const { path, node } of placedNodes(records)) {
    const definition = nodeDefinitionOf(records, catalogue, node.raw, node.scope);
    const slots = openSlots(definition, node.raw);
    if (slots.length === 0) continue;
    entries.push({
      label: `${titleOf(node.raw, definition)} #${path}`,
      entries: slots.map(({ name }) => ({
        label: labelOf(node.raw, definition, name),
        checked: isPromoted(records, path, name),
        onSelect: () => toggle(document, path, name),
      })),
    });
  }
  return entries.length > 0 ? entries : [{ heading: text("app.nothing") }];
}

/** Return a menu of the nodes that show or save something; those of the app are ticked. */
export function outputEntries(
  document: OpenDocument,
  toggle: (document: OpenDocument, path: string) => void,
): readonly MenuEntry[] {
  const { records } = document.store;
  const { catalogue } = useCatalogue.getState();
  const shown = shownChoice(records, catalogue).outputs;
  const entries = [...placedNodes(records)].flatMap(({ path, node }): MenuEntry[] => {
    const definition = nodeDefinitionOf(records, catalogue, node.raw, node.scope);
    if (!definition?.isOutput) return [];
    const label = `${titleOf(node.raw, definition)} #${path}`;
    return [{ label, checked: shown.includes(path), onSelect: () => toggle(document, path) }];
  });
  return entries.length > 0 ? entries : [{ heading: text("app.no-outputs") }];
}
