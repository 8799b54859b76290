/** What a screen reader says about a node. */

import { titleOf } from "@/document/nodes";
import { MODE } from "@/document/records";
import type { text as textFunction } from "@/i18n/language";
import type { NodeRun } from "@/run/node-run";
import type { NodeItem } from "../scene";

type Text = typeof textFunction;

function stateOf(run: NodeRun, text: Text): string | undefined {
  if (run.problems.length > 0) return text("canvas.stateProblems", { count: run.problems.length });
  switch (run.state) {
    case "waiting":
      return text("canvas.stateWaiting");
    case "running":
      return text("canvas.stateRunning");
    case "cached":
      return text("canvas.stateCached");
    case "done":
      return text("canvas.stateDone");
    case "failed":
      return text("canvas.stateFailed");
    case "blocked":
      return text("canvas.stateBlocked");
    case "idle":
      return undefined;
  }
}

/** Return the name of a node for assistive technology: title, kind, and in which state it is. */
export function nodeLabel(
  { record, definition }: NodeItem,
  run: NodeRun,
  selected: boolean,
  text: Text,
): string {
  const { raw } = record;
  const title = titleOf(raw, definition);
  const kind = definition?.title ?? raw.type;
  const parts = [
    title,
    kind === title ? undefined : kind,
    definition ? undefined : text("canvas.unknownKind"),
    raw.mode === MODE.muted ? text("canvas.muted") : undefined,
    raw.mode === MODE.bypassed ? text("canvas.bypassed") : undefined,
    raw.flags?.collapsed === true ? text("canvas.collapsed") : undefined,
    stateOf(run, text),
    selected ? text("canvas.selected") : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}
