/** The fields of an app: its widgets as they are in the workflow now. */

import type { Catalogue, NodeDefinition } from "@/catalogue/definitions";
import { type WidgetSlot, widgetSlots } from "@/catalogue/slots";
import type { Records } from "@/document/diff";
import { nodeAt, placedNodes } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import { labelOf, openSlots } from "@/document/open-widgets";
import { MODE, type NodeRecord } from "@/document/records";
import { nodeDefinitionOf } from "@/document/subgraphs";
import { type AppChoice, appChoice, type PromotedInput } from "@/editor/app-choice";

/** A widget that the app shows. */
export interface AppField {
  readonly input: PromotedInput;
  readonly node: NodeRecord;
  readonly definition: NodeDefinition;
  readonly slot: WidgetSlot;
  readonly slots: readonly WidgetSlot[];
  /** What it is called. */
  readonly label: string;
}

/** Return the fields that an app shows; what the workflow has no more, or sets by a wire, is left out. */
export function appFields(records: Records, catalogue: Catalogue, choice: AppChoice): readonly AppField[] {
  const fields = choice.inputs.flatMap((input) => fieldOf(records, catalogue, input));
  return fields.map((field) => ({ ...field, label: toldApart(field, fields) }));
}

function fieldOf(records: Records, catalogue: Catalogue, input: PromotedInput): AppField[] {
  const node = nodeAt(records, input.path);
  const definition = node && nodeDefinitionOf(records, catalogue, node.raw, node.scope);
  const slot = node && openSlots(definition, node.raw).find(({ name }) => name === input.widget);
  if (!node || !definition || !slot) return [];
  const slots = widgetSlots(definition, node.raw);
  const label = input.label ?? labelOf(node.raw, definition, slot.name);
  return [{ input, node, definition, slot, slots, label }];
}

/** Two fields of one name also say of which node they are. */
function toldApart(field: AppField, fields: readonly AppField[]): string {
  const { input, label, node, definition } = field;
  const same = fields.filter((one) => one.label === label);
  const title = titleOf(node.raw, definition);
  return input.label !== undefined || same.length < 2 || title === label ? label : `${label} (${title})`;
}

/** What an app shows first where its author chose nothing; each kind of widget once for a node. */
const USUAL: readonly RegExp[] = [
  /^(image|video|audio|file)$/,
  /^(text|prompt)$/,
  /^(width|height|batch_size)$/,
  /^steps$/,
  /^(noise_)?seed$/,
];

/** Return what an app shows where nobody chose: files, texts, size, steps, seed; and all that is shown or saved. */
export function usualChoice(records: Records, catalogue: Catalogue): AppChoice {
  const found: { readonly rank: number; readonly input: PromotedInput }[] = [];
  const outputs: string[] = [];
  for (const { path, node } of placedNodes(records)) {
    const definition = nodeDefinitionOf(records, catalogue, node.raw, node.scope);
    if (!definition || (node.raw.mode ?? 0) !== MODE.always) continue;
    if (definition.isOutput) outputs.push(path);
    for (const { name } of openSlots(definition, node.raw)) {
      const rank = USUAL.findIndex((names) => names.test(name));
      if (rank >= 0) found.push({ rank, input: { path, widget: name } });
    }
  }
  const inputs = found.sort((one, other) => one.rank - other.rank).map(({ input }) => input);
  return { inputs, outputs };
}

/** Return what an app shows: as its author chose, else the usual. */
export function shownChoice(records: Records, catalogue: Catalogue): AppChoice {
  const chosen = appChoice(records);
  if (!chosen) return usualChoice(records, catalogue);
  if (chosen.inputs.length > 0 && chosen.outputs.length > 0) return chosen;
  const usual = usualChoice(records, catalogue);
  return {
    inputs: chosen.inputs.length > 0 ? chosen.inputs : usual.inputs,
    outputs: chosen.outputs.length > 0 ? chosen.outputs : usual.outputs,
  };
}
