/** Fixes for what went wrong while a node ran. */

import { widgetSlots } from "@/catalogue/slots";
import { exactInteger } from "@/document/exact-json";
import type { NodeRecord } from "@/document/records";
import { linkOf, nodeOf } from "@/document/records";
import { setValue, widgetValue } from "@/document/values";
import { loadCatalogue } from "@/editor/load-catalogue";
import type { OpenDocument } from "@/editor/session";
import { text } from "@/i18n/language";
import type { Fix } from "../problems";
import { runWorkflow } from "../run";
import { type Case, definitionOf, editing, nameOf } from "./case";
import { choiceFixes } from "./value-fixes";

const OUT_OF_MEMORY = /OutOfMemory|MemoryError|out of memory|DefaultCPUAllocator/i;
const GONE = /FileNotFound|FileProblem|no such file|does not exist/i;
const DIED = "engine.jobs.WorkerDied";
const MULTIPLE_OF = 8;

/** Less memory, another file, or the same once more. */
export function runTimeFixes(found: Case): Fix[] {
  const told = `${found.problem.type} ${found.problem.message}`;
  if (OUT_OF_MEMORY.test(told)) return [...smallerFixes(found), retryFix(found.document)];
  if (GONE.test(told)) return [...fileFixes(found), refreshFix()];
  return found.problem.type === DIED
    ? [...smallerFixes(found), retryFix(found.document)]
    : [retryFix(found.document)];
}

/** The inputs that decide about memory, the best to lower first, and how low they may get. */
const LOWERED = [
  { name: "batch_size", least: 1 },
  { name: "width", least: 64 },
  { name: "height", least: 64 },
  { name: "length", least: 1 },
  { name: "tile_size", least: 64 },
] as const;

/** Halve a batch or a size of the node, or of a node that it depends on. */
function smallerFixes(found: Case): Fix[] {
  const nodes = upstreamOf(found.document, found.node);
  for (const { name, least } of LOWERED) {
    const fixes = nodes.flatMap((node) => halveFix(found, node, name, least));
    if (fixes.length > 0) return fixes.slice(0, 2);
  }
  return [];
}

function halveFix(found: Case, node: NodeRecord, name: string, least: number): Fix[] {
  const definition = definitionOf(found.document, node);
  const slot = widgetSlots(definition, node.raw).find((one) => one.sent && one.name === name);
  const before = slot ? Number(exactInteger(widgetValue(node.raw, slot)) ?? 0) : 0;
  const half =
    name === "batch_size" ? Math.floor(before / 2) : Math.floor(before / 2 / MULTIPLE_OF) * MULTIPLE_OF;
  const value = Math.max(half, least);
  if (!slot || value >= before) return [];
  const label = text("run.fix.halve", { input: name, title: nameOf(found.document, node), value });
  return [editing(found, label, (tx) => setValue(tx, node.scope, node.raw.id, slot, value))];
}

/** Return a node and those of its sheet that it depends on, the nearest first. */
function upstreamOf({ store }: OpenDocument, node: NodeRecord): readonly NodeRecord[] {
  const found = new Set<NodeRecord>([node]);
  for (const one of found) {
    for (const { link: id } of one.raw.inputs ?? []) {
      const link = id === null || id === undefined ? undefined : linkOf(store.records, one.scope, id);
      const origin = link && nodeOf(store.records, one.scope, link.origin);
      if (origin) found.add(origin);
    }
  }
  return [...found];
}

/** Another choice for each widget of the node that names a file which is not there any more. */
function fileFixes(found: Case): Fix[] {
  const slots = widgetSlots(found.definition, found.node.raw).filter(
    (slot) => slot.sent && slot.input?.choices,
  );
  const named = slots.find((slot) => {
    const value = String(widgetValue(found.node.raw, slot));
    return value !== "" && found.problem.message.includes(value.slice(value.lastIndexOf("/") + 1));
  });
  if (!named) return [];
  const { input } = named;
  const others = input?.choices?.filter((choice) => choice !== widgetValue(found.node.raw, named)) ?? [];
  return choiceFixes({ ...found, slot: named, input: input && { ...input, choices: others } });
}

/** Run the workflow again as it is. */
function retryFix(document: OpenDocument): Fix {
  return { label: text("run.fix.retry"), apply: async () => void (await runWorkflow(document)) };
}

function refreshFix(): Fix {
  return { label: text("run.fix.refresh"), apply: loadCatalogue };
}
