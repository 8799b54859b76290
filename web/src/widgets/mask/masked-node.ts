/** Nodes whose picture can be masked. */

import type { NodeDefinition } from "@/catalogue/definitions";
import { widgetSlots } from "@/catalogue/slots";
import { titleOf } from "@/document/nodes";
import type { NodeRecord } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { bindWidget } from "../widget-binding";
import type { MaskRequest } from "./mask-request";

/** Return what opens the painter for the picture of a node; undefined where it has none. */
export function maskRequestOf(
  store: DocumentStore,
  { scope, raw }: NodeRecord,
  definition: NodeDefinition | undefined,
): MaskRequest | undefined {
  const slots = widgetSlots(definition, raw);
  const slot = slots.find(({ sent, input }) => sent && input?.options.image_upload === true);
  if (!slot) return undefined;
  const binding = bindWidget(store, scope, raw.id, slot);
  const value = binding.get();
  if (typeof value !== "string" || value === "") return undefined;
  return { binding, title: titleOf(raw, definition) };
}
