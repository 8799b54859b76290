/** Menus of the widgets of one node, or of all, for whatever takes widgets: an app, a sweep. */

import { useCatalogue } from "@/catalogue/state";
import { nodeAt, placedNodes } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import { labelOf, openSlots } from "@/document/open-widgets";
import { nodeDefinitionOf } from "@/document/subgraphs";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import type { MenuEntry } from "@/ui/menu";

/** Return a menu of the widgets of one node; empty where it has none that could be set. */
export function entriesOfNode(
  document: OpenDocument,
  path: string,
  choose: Toggle,
  ticked?: (widget: string) => boolean,
): readonly MenuEntry[] {
  const { records } = document.store;
  const node = nodeAt(records, path);
  const { catalogue } = useCatalogue.getState();
  const definition = node && nodeDefinitionOf(records, catalogue, node.raw, node.scope);
  if (!node) return [];
  return openSlots(definition, node.raw).map(({ name }) => ({
    label: labelOf(node.raw, definition, name),
    ...(ticked && { checked: ticked(name) }),
    onSelect: () => choose(document, path, name),
  }));
}

type Toggle = (document: OpenDocument, path: string, widget: string) => void;

/** Return a menu of all nodes with their widgets; those for which `ticked` says so are ticked. */
export function inputEntries(
  document: OpenDocument,
  choose: Toggle,
  ticked?: (path: string, widget: string) => boolean,
): readonly MenuEntry[] {
  const { records } = document.store;
  const { catalogue } = useCatalogue.getState();
  const entries = [...placedNodes(records)].flatMap(({ path, node }): MenuEntry[] => {
    const inner = entriesOfNode(document, path, choose, ticked && ((widget) => ticked(path, widget)));
    if (inner.length === 0) return [];
    const title = titleOf(node.raw, nodeDefinitionOf(records, catalogue, node.raw, node.scope));
    return [{ label: `${title} #${path}`, entries: inner }];
  });
  return entries.length > 0 ? entries : [{ heading: text("app.nothing") }];
}
