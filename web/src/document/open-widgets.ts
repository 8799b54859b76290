/** The widgets of a node that a person can set, and what they are called where no room is for the node's title. */

import type { NodeDefinition } from "@/catalogue/definitions";
import { type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import { titleOf } from "./nodes";
import type { RawNode } from "./records";

/** Nodes that are there to be read: their text is no value of a run. */
const NOTES: ReadonlySet<string> = new Set(["Note", "MarkdownNote"]);

/** Return the widgets of a node that reach it and that no wire decides about; a note has none. */
export function openSlots(definition: NodeDefinition | undefined, raw: RawNode): readonly WidgetSlot[] {
  if (!definition || NOTES.has(raw.type)) return [];
  return widgetSlots(definition, raw).filter(({ sent, name }) => sent && !isLinked(raw, name));
}

function isLinked(raw: RawNode, name: string): boolean {
  const input = (raw.inputs ?? []).find((one) => one.widget?.name === name);
  return input?.link !== undefined && input.link !== null;
}

/** Names of widgets that say less than the title of their node. */
const PLAIN: ReadonlySet<string> = new Set([
  "text",
  "string",
  "value",
  "image",
  "prompt",
  "file",
  "audio",
  "video",
]);

/** Return what a widget is called where its author gave it no label. */
export function labelOf(raw: RawNode, definition: NodeDefinition | undefined, name: string): string {
  const own = raw.inputs?.find((one) => one.widget?.name === name)?.label;
  if (own) return own;
  if (PLAIN.has(name)) return titleOf(raw, definition);
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
