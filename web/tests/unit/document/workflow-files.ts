/** Real workflows: ComfyUI's templates, installed for the tests, and the ones of this repository. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseExact } from "@/document/exact-json";
import type { JsonObject } from "@/document/records";

const REPOSITORY = resolve(import.meta.dirname, "../../../..");
const PACKAGES = ["comfyui_workflow_templates_media_image", "comfyui_workflow_templates_media_other"];

export interface WorkflowFile {
  readonly name: string;
  readonly text: string;
}

let known: readonly WorkflowFile[] | undefined;

/** Return the workflows of the template packages; fails where they are not installed. */
export function templates(): readonly WorkflowFile[] {
  known ??= readTemplates();
  return known;
}

function readTemplates(): WorkflowFile[] {
  const libraries = join(REPOSITORY, ".venv/lib");
  const folders = (existsSync(libraries) ? readdirSync(libraries) : []).flatMap((python) =>
    PACKAGES.map((name) => join(libraries, python, "site-packages", name, "templates")),
  );
  const found = folders.filter((folder) => existsSync(folder));
  if (found.length < PACKAGES.length) {
    throw new Error(
      `the template workflows are not installed below ${libraries}: run "uv sync" in the repository first`,
    );
  }
  return found.flatMap(workflowsIn).filter(({ text }) => isCanvas(text));
}

/** Return the workflows of this repository. */
export function ownWorkflows(): WorkflowFile[] {
  const folder = join(REPOSITORY, "workflows");
  return [...workflowsIn(folder), ...workflowsIn(join(folder, "starter"))];
}

/** Return the JSON of a workflow by the name of its file. */
export function template(name: string): JsonObject {
  const file = templates().find((one) => one.name === name);
  if (!file) throw new Error(`there is no template ${name}`);
  return parseExact(file.text) as JsonObject;
}

function workflowsIn(folder: string): WorkflowFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
}

function isCanvas(text: string): boolean {
  const json = parseExact(text) as JsonObject;
  return Array.isArray(json.nodes);
}
