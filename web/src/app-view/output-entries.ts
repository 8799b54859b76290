/** The menu of results that can be put into an app. */

import { useCatalogue } from "@/catalogue/state";
import { placedNodes } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import { nodeDefinitionOf } from "@/document/subgraphs";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import type { MenuEntry } from "@/ui/menu";
import { shownChoice } from "./app-fields";

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
