/** What the server says about a workflow that it does not run, or only in part, as problems. */

import { useCatalogue } from "@/catalogue/state";
import { isGroupNode } from "@/document/group-layout";
import { placedNodes } from "@/document/node-paths";
import { isObject, type Json, type JsonObject } from "@/document/records";
import type { DocumentStore } from "@/document/store";
import { text } from "@/i18n/language";
import type { FoundProblem } from "./problems-state";

/** Message, expectation, value and hint in one line, as the server joins them. */
const SENTENCE = /^(.*?)(?:; expected (.*?))?(?:; got (.*?))?(?:; did you mean (.*)\?|; (.*))?$/s;

/**
 * Return the problems in an answer of `/prompt`.
 *
 * @param answer Its JSON: `error` and `node_errors`, or only the latter where the rest is run.
 */
export function problemsIn(answer: unknown, store: DocumentStore): readonly FoundProblem[] {
  if (!isObject(answer as Json)) return [];
  const { error, node_errors: nodes } = answer as JsonObject;
  const found = isObject(nodes) ? Object.entries(nodes).flatMap(([path, entry]) => ofNode(path, entry)) : [];
  if (isObject(error) && error.type === "missing_node_type") return [...unknownKinds(store), ...found];
  return found.length === 0 && isObject(error) ? [ofWhole(error)] : found;
}

function ofNode(path: string, entry: Json): FoundProblem[] {
  const errors = isObject(entry) && Array.isArray(entry.errors) ? (entry.errors as readonly Json[]) : [];
  return errors.filter(isObject).map((error) => problemOf(path, error));
}

function problemOf(path: string, error: JsonObject): FoundProblem {
  const extra = isObject(error.extra_info) ? error.extra_info : {};
  const [, message = "", expected, got] = SENTENCE.exec(String(error.message ?? "")) ?? [];
  const { input_name: input } = extra;
  return {
    path,
    ...(typeof input === "string" && input !== "" && { input }),
    type: String(error.type ?? ""),
    message: sentence(message),
    details: String(error.details ?? ""),
    ...(got !== undefined && { received: got }),
    ...(expected !== undefined && { expected }),
    extra,
    atRunTime: false,
  };
}

function ofWhole(error: JsonObject): FoundProblem {
  const extra = isObject(error.extra_info) ? error.extra_info : {};
  const path = typeof extra.node_id === "string" ? extra.node_id : "";
  return problemOf(path, error);
}

/** The server names the first kind that it does not know; here are all of them. */
function unknownKinds(store: DocumentStore): FoundProblem[] {
  const { catalogue } = useCatalogue.getState();
  const found: FoundProblem[] = [];
  for (const { path, node } of placedNodes(store.records)) {
    const { type } = node.raw;
    if (catalogue.has(type) || VIRTUAL.has(type) || store.records.has(`sheet:${type}`)) continue;
    if (node.raw.mode === 2 || node.raw.mode === 4 || isGroupNode(store.records, node.raw)) continue;
    found.push({
      path,
      type: "missing_node_type",
      message: text("run.problem.unknownKind", { type }),
      details: "",
      received: type,
      extra: { class_type: type },
      atRunTime: false,
    });
  }
  return found;
}

/** Kinds that only editors know and that never reach the server. */
const VIRTUAL: ReadonlySet<string> = new Set(["Note", "MarkdownNote", "Reroute", "PrimitiveNode"]);

function sentence(message: string): string {
  const first = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(first) || first === "" ? first : `${first}.`;
}
