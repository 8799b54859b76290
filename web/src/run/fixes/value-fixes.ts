/** Fixes that give a widget a value that it may have. */

import { defaultOf } from "@/catalogue/slots";
import { ofInteger } from "@/document/exact-json";
import type { Json } from "@/document/records";
import { setValue, widgetValue } from "@/document/values";
import { text } from "@/i18n/language";
import { likeness } from "@/values/nearest-choice";
import { settleWhole, wholeOf, wholeRange } from "@/values/whole-number";
import type { Fix } from "../problems";
import { type Case, editing } from "./case";

/** So many choices are offered, the likeliest first. */
const MOST = 3;
const LONGEST = 60;

/** Choices like the one that there is not; where none is like it, the one that the widget starts with. */
export function choiceFixes(found: Case): Fix[] {
  const { node, slot, input } = found;
  const choices = input?.choices ?? [];
  if (!slot || choices.length === 0) return [];
  const given = String(widgetValue(node.raw, slot));
  const ranked = choices
    .map((choice) => ({ choice, score: alike(given, String(choice)) }))
    .sort((one, other) => other.score - one.score);
  const near = ranked.filter(({ score }) => score >= 0.3).slice(0, MOST);
  const offered =
    near.length > 0 ? near : ranked.filter(({ choice }) => choice === startOf(found)).slice(0, 1);
  return (offered.length > 0 ? offered : ranked.slice(0, 1)).map(({ choice }) =>
    valueFix(found, choice, "run.fix.choose"),
  );
}

/** Return how alike two choices are, 0 to 1; names of files count without their folders too. */
function alike(one: string, other: string): number {
  const file = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  const same = one.toLowerCase() === other.toLowerCase() ? 1 : 0;
  return Math.max(same, likeness(one, other), likeness(file(one), file(other)), closeness(one, other));
}

/** Return the share of letters that stay when one word is typed over into the other: short words differ much in pairs. */
function closeness(one: string, other: string): number {
  const [left, right] = [one.toLowerCase().slice(0, 200), other.toLowerCase().slice(0, 200)];
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  const longest = Math.max(left.length, right.length, 1);
  const share = 1 - (row[right.length] ?? longest) / longest;
  return share >= 0.6 ? share : 0;
}

/** The nearest number that the widget allows. */
export function rangeFixes(found: Case): Fix[] {
  const { node, slot, input } = found;
  if (!slot || !input) return [];
  const given = widgetValue(node.raw, slot);
  const value = slot.kind === "integer" ? nearestWhole(given, found) : nearestNumber(given, found);
  return value === null ? [] : [valueFix(found, value, "run.fix.clamp")];
}

function nearestWhole(given: Json, { input }: Case): Json {
  return ofInteger(settleWhole(wholeOf(given), wholeRange(input?.options ?? {})));
}

function nearestNumber(given: Json, { input }: Case): Json | null {
  const { min, max } = input?.options ?? {};
  const [low, high] = [Number(min ?? Number.NEGATIVE_INFINITY), Number(max ?? Number.POSITIVE_INFINITY)];
  const value = Math.min(Math.max(Number(given), low), high);
  return Number.isFinite(value) ? value : null;
}

/** What was meant by a value of another type, where that can be read from it; else what the widget starts with. */
export function typeFixes(found: Case): Fix[] {
  const { node, slot, input } = found;
  if (!slot) return input?.choices ? choiceFixes(found) : [];
  const meant = meantBy(widgetValue(node.raw, slot), found);
  const start = startOf(found);
  const fixes: Fix[] = [];
  if (meant !== null) fixes.push(valueFix(found, meant, "run.fix.clamp"));
  if (start !== null && start !== meant) fixes.push(valueFix(found, start, "run.fix.default"));
  return fixes;
}

function meantBy(value: Json, found: Case): Json | null {
  if (found.slot?.kind === "toggle")
    return typeof value === "string" ? /^(true|yes|on|1)$/i.test(value) : null;
  if (found.slot?.kind !== "integer" && found.slot?.kind !== "number") return null;
  const number = /-?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?/i.exec(String(value))?.[0]?.replace(",", ".");
  if (number === undefined) return null;
  return found.slot.kind === "integer"
    ? nearestWhole(Math.round(Number(number)), found)
    : nearestNumber(Number(number), found);
}

function startOf({ slot }: Case): Json | null {
  return slot ? defaultOf(slot) : null;
}

/** Return the fix that gives the widget of a case a value. */
function valueFix(
  found: Case,
  value: Json,
  key: "run.fix.choose" | "run.fix.clamp" | "run.fix.default",
): Fix {
  const { node, slot } = found;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  const label = text(key, { value: shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown || '""' });
  return editing(found, label.replaceAll("\u0000int:", ""), (tx) => {
    if (slot) setValue(tx, node.scope, node.raw.id, slot, value);
  });
}
