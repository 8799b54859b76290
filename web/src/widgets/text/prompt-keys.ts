/** The keys that edit a prompt: weights with Ctrl and the arrows up and down, parts with Alt and left and right. */

import type { KeyboardEvent } from "react";
import { setting } from "@/editor/settings";
import { movePart } from "./prompt-parts";
import { changeWeight, type Selected } from "./prompt-weight";
import { replaceText } from "./text-edit";

type PromptField = HTMLTextAreaElement | HTMLInputElement;

/** Which way a weight goes. */
const WEIGHTS: Readonly<Record<string, 1 | -1>> = { ArrowUp: 1, ArrowDown: -1 };
const MOVES: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowRight: 1 };

const selectedIn = (field: PromptField): Selected => ({
  text: field.value,
  start: field.selectionStart ?? 0,
  end: field.selectionEnd ?? 0,
});

function weigh(field: PromptField, by: number): boolean {
  const changed = changeWeight(selectedIn(field), by);
  if (!changed) return false;
  const [start, end] = changed.replaced;
  const behind = field.value.length - end;
  replaceText(field, [start, end], changed.text.slice(start, changed.text.length - behind));
  field.setSelectionRange(changed.start, changed.end);
  return true;
}

function move(field: PromptField, by: 1 | -1): boolean {
  const moved = movePart(selectedIn(field), by);
  if (!moved) return false;
  replaceText(field, [0, field.value.length], moved.text);
  field.setSelectionRange(moved.start, moved.end);
  return true;
}

/** Do what a key means for the prompt in its field; return whether it meant something. */
export function editPrompt(event: KeyboardEvent<PromptField>): boolean {
  const mod = event.ctrlKey || event.metaKey;
  const weight = mod && !event.altKey ? WEIGHTS[event.key] : undefined;
  const places = event.altKey && !mod ? MOVES[event.key] : undefined;
  if (weight !== undefined) return weigh(event.currentTarget, (weight * setting("weightStep")) / 100);
  return places !== undefined && move(event.currentTarget, places);
}
