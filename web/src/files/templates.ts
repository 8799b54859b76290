/** Workflows to begin with: the server's list of them, and those that packs bring along. */

import { isObject, type Json } from "@/document/records";
import type { OpenDocument } from "@/editor/session";
import { apiUrl, fetchJson, request } from "@/server/api";
import { freeTitle } from "./create-document";
import { openWorkflow } from "./open";
import { parseWorkflowText } from "./workflow-json";

/** A workflow to begin with. */
export interface Template {
  /** Its name; with `pack/` before it for one of a pack. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Address of its picture. */
  readonly picture: string;
  /** Where its JSON is, beneath the server's address. */
  readonly route: string;
}

/** Templates under one heading. */
export interface TemplateGroup {
  readonly title: string;
  readonly templates: readonly Template[];
}

/** What opens at the first visit. */
export const STARTER = "text_to_image";

const routeOf = (name: string): string => `/templates/${encodeURIComponent(name)}.json`;

/** Return all templates, our own first. Throws a ServerError where the list cannot be had. */
export async function loadTemplates(): Promise<readonly TemplateGroup[]> {
  const [index, packs] = await Promise.all([
    fetchJson<Json>("/templates/index.json"),
    fetchJson<Record<string, string[]>>("/workflow_templates"),
  ]);
  const groups = Array.isArray(index) ? index.flatMap((group: Json) => groupOf(group) ?? []) : [];
  return [...groups, ...Object.entries(packs).map(([pack, names]) => packGroup(pack, names))];
}

function groupOf(group: Json): TemplateGroup | null {
  if (!isObject(group) || !Array.isArray(group.templates)) return null;
  const templates = group.templates.flatMap((one: Json) => templateOf(one) ?? []);
  return { title: String(group.title ?? group.moduleName ?? ""), templates };
}

function templateOf(entry: Json): Template | null {
  if (!isObject(entry) || typeof entry.name !== "string") return null;
  const { name, title, description, mediaSubtype } = entry;
  const form = typeof mediaSubtype === "string" ? mediaSubtype : "webp";
  return {
    id: name,
    title: typeof title === "string" ? title : name,
    description: typeof description === "string" ? description : "",
    picture: apiUrl(`/templates/${encodeURIComponent(name)}-1.${form}`),
    route: routeOf(name),
  };
}

function packGroup(pack: string, names: readonly string[]): TemplateGroup {
  const folder = `/workflow_templates/${encodeURIComponent(pack)}`;
  const templates = names.map((name) => ({
    id: `${pack}/${name}`,
    title: name.replace(/_/g, " "),
    description: "",
    picture: apiUrl(`${folder}/${encodeURIComponent(name)}.jpg`),
    route: `${folder}/${encodeURIComponent(name)}.json`,
  }));
  return { title: pack, templates };
}

/** Open a template as a new document. Throws as `openWorkflow` does. */
export async function openTemplate({
  route,
  title,
}: Pick<Template, "route" | "title">): Promise<OpenDocument> {
  const content = await (await request(route)).text();
  return openWorkflow(parseWorkflowText(content, title), { title: freeTitle(title) });
}

/** Open a template by its name, as links to the editor have it. */
export function openTemplateNamed(name: string): Promise<OpenDocument> {
  const [pack, file] = name.split("/");
  const title = (file ?? name).replace(/_/g, " ").replace(/^./, (letter) => letter.toUpperCase());
  const route = file
    ? `/workflow_templates/${encodeURIComponent(pack ?? "")}/${encodeURIComponent(file)}.json`
    : routeOf(name);
  return openTemplate({ route, title });
}
