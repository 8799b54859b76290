/** What kind of workflow a JSON value is, and how it becomes one that the editor shows. */

import type { Records } from "@/document/diff";
import { parseExact } from "@/document/exact-json";
import { readWorkflow, WorkflowFormatError } from "@/document/read";
import { isObject, type Json, type JsonObject } from "@/document/records";
import { text } from "@/i18n/language";
import { fetchJson } from "@/server/api";

/** The newest version of the format that is read. */
const NEWEST = 1;

/** A workflow that was read, and what could not be taken over, a sentence each. */
export interface ReadWorkflow {
  readonly records: Records;
  readonly notes: readonly string[];
  /** It was in the API format, so that its layout is new. */
  readonly converted: boolean;
}

/** Return the value in a JSON text; throws a WorkflowFormatError that says where it stops being JSON. */
export function parseWorkflowText(content: string, name: string): Json {
  try {
    return parseExact(content.replace(/^\uFEFF/, ""));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WorkflowFormatError(text("files.notJson", { name, why }));
  }
}

/**
 * Return the records of a workflow in the format of the canvas or of the API, also where it is wrapped in a
 * request to run it. Throws a WorkflowFormatError or, where the server has to convert it, a ServerError.
 */
export async function readAnyWorkflow(json: Json, name: string): Promise<ReadWorkflow> {
  const canvas = canvasIn(json);
  if (canvas) {
    if (typeof canvas.version === "number" && canvas.version >= NEWEST + 1) {
      throw new WorkflowFormatError(text("files.tooNew", { name, version: canvas.version, newest: NEWEST }));
    }
    return { records: readWorkflow(canvas), notes: [], converted: false };
  }
  const api = apiIn(json);
  if (!api) throw new WorkflowFormatError(text("files.noWorkflow", { name, found: described(json) }));
  const answer = await fetchJson<{ workflow: JsonObject; notes: string[] }>("/workflow/convert", {
    json: { workflow: api, to: "ui" },
  });
  return { records: readWorkflow(answer.workflow), notes: answer.notes, converted: true };
}

/** Tell whether a text is likely to be a workflow, without a message where it is not. */
export function isWorkflowText(content: string): boolean {
  if (!content.trimStart().startsWith("{")) return false;
  try {
    const json = parseExact(content);
    return canvasIn(json) !== null || apiIn(json) !== null;
  } catch {
    return false;
  }
}

function canvasIn(json: Json): JsonObject | null {
  if (!isObject(json)) return null;
  if (Array.isArray(json.nodes)) return json;
  if (isObject(json.workflow) && Array.isArray(json.workflow.nodes)) return json.workflow;
  const data = isObject(json.extra_data) ? json.extra_data : null;
  const info = data && isObject(data.extra_pnginfo) ? data.extra_pnginfo : null;
  return info && isObject(info.workflow) && Array.isArray(info.workflow.nodes) ? info.workflow : null;
}

function apiIn(json: Json): JsonObject | null {
  if (!isObject(json)) return null;
  for (const one of [json, json.prompt, json.output]) if (isObject(one) && isApi(one)) return one;
  return null;
}

function isApi(json: JsonObject): boolean {
  return Object.values(json).some((node) => isObject(node) && typeof node.class_type === "string");
}

/** Say what a value is that is no workflow, so that its owner knows it again. */
function described(json: Json): string {
  if (isObject(json)) {
    const keys = Object.keys(json).slice(0, 6).join(", ");
    return keys === "" ? text("files.emptyObject") : text("files.objectWith", { keys });
  }
  return Array.isArray(json)
    ? text("files.aList")
    : text("files.aValue", { value: String(json).slice(0, 40) });
}
