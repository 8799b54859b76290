/** Choices in prompts: of `{red|blue}` every run gets one. What was chosen is what is saved in the results. */

import type { Catalogue } from "@/catalogue/definitions";
import { widgetSlots } from "@/catalogue/slots";
import { applied, type Records } from "@/document/diff";
import { nodeDefinitionOf } from "@/document/subgraphs";
import { Transaction } from "@/document/transaction";
import { setValue, widgetValue } from "@/document/values";

/** Chooses a whole number from 0 to one below `count`. */
export type Pick = (count: number) => number;

const atRandom: Pick = (count) => Math.floor(Math.random() * count);

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n\r]*/g;

/** What stands between a brace and the one that closes it: the alternatives so far, the last one still open. */
type Open = string[];

function append(open: readonly Open[], text: string): void {
  const alternatives = open.at(-1);
  if (alternatives) alternatives[alternatives.length - 1] += text;
}

function take(open: Open[], mark: string, pick: Pick): void {
  const inside = open.length > 1;
  if (mark === "{") open.push([""]);
  else if (mark === "|" && inside) open.at(-1)?.push("");
  else if (mark === "}" && inside) {
    const alternatives = open.pop() ?? [""];
    append(open, alternatives[pick(alternatives.length)] ?? "");
  } else append(open, mark);
}

/**
 * Return a prompt with one of the alternatives in place of each `{a|b}`; they nest. Comments go. `\{`, `\|` and
 * `\}` stay as they are: the server knows them too. Braces that nobody closes stay.
 */
export function choose(prompt: string, pick: Pick = atRandom): string {
  const open: Open[] = [[""]];
  const marks = prompt.replace(COMMENT, "").match(/\\[\s\S]|[\s\S]/g) ?? [];
  for (const mark of marks) take(open, mark, pick);
  while (open.length > 1) {
    const left = open.pop() ?? [];
    append(open, `{${left.join("|")}`);
  }
  return open[0]?.[0] ?? "";
}

/** Tell whether a prompt leaves something to be chosen. */
export const hasChoices = (prompt: string): boolean =>
  /(^|[^\\])\{[^{}]*\|[^{}]*\}/.test(prompt.replace(COMMENT, ""));

/** Return a workflow in whose prompts everything is chosen; the same one where there is nothing to choose. */
export function withChoices(records: Records, catalogue: Catalogue, pick: Pick = atRandom): Records {
  const tx = new Transaction(records);
  for (const record of records.values()) {
    if (record.kind !== "node") continue;
    const { raw, scope } = record;
    const definition = nodeDefinitionOf(records, catalogue, raw, scope);
    if (!definition) continue;
    for (const slot of widgetSlots(definition, raw)) {
      if (slot.input?.options.dynamicPrompts !== true) continue;
      const value = widgetValue(raw, slot);
      if (typeof value === "string" && hasChoices(value)) {
        setValue(tx, scope, raw.id, slot, choose(value, pick));
      }
    }
  }
  return tx.diff.size === 0 ? records : applied(records, tx.diff);
}
