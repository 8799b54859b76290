import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Catalogue } from "@/catalogue/definitions";
import { parseExact } from "@/document/exact-json";
import type { JsonObject } from "@/document/records";
import { complaints, type Server } from "./harness";
import { editedFiles } from "./interchange/edited-files";
import { factsOf, runOf, treesOf } from "./interchange/facts";
import { groupNodeFile, withoutGroupNodes } from "./interchange/group-node-file";
import { editThere, openOfficial, passThrough, startOfficial } from "./interchange/official-editor";
import { catalogueOf } from "./interchange/workbench";

let server: Server;
let page: Page;
let catalogue: Catalogue;

const ALLOWED = [
  // The page asks its vendor for release notes; the pages that this server serves call nobody else.
  /api\.comfy\.org/,
  // Files and folders that are not there before the user has made them.
  /404 GET .*\/api\/userdata/,
  // Settings that it saves in a hurry while it starts.
  /ERR_ABORTED POST .*\/api\/settings\//,
];

/** Return what a workflow runs as this server converts it. */
async function converted(text: string): Promise<string> {
  const body = `{"workflow": ${text}, "to": "api"}`;
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${server.url}/workflow/convert`, { method: "POST", headers, body });
  const told = parseExact(await answer.text()) as JsonObject;
  expect(told.workflow, JSON.stringify(told)).toBeDefined();
  return JSON.stringify(told.workflow, (_, value) => plainNumber(value));
}

const plainNumber = (value: unknown): unknown =>
  typeof value === "string" && value.startsWith("\u0000int:") ? Number(value.slice(5)) : value;

const facts = (text: string): string[] => factsOf(parseExact(text) as JsonObject, catalogue);

beforeAll(async () => {
  server = await startOfficial();
  catalogue = await catalogueOf(server.url);
  page = await openOfficial(server);
});
afterAll(() => server.stop());

describe("ComfyUI's own editor", () => {
  const names = ["plain", "decorated", "nested", "unpacked", "primitives", "loose"];

  it("was given every kind of file that this editor makes", () => {
    expect([...editedFiles(catalogue).keys()]).toEqual(names);
  });

  it.each(names)("opens the file '%s' of this editor, runs the same, and saves all it says", async (name) => {
    const text = editedFiles(catalogue).get(name) ?? "";
    const { saved, prompt } = await passThrough(page, text);
    expect(runOf(prompt)).toEqual(runOf(await converted(text)));
    expect(facts(saved)).toEqual(facts(text));
    expect(runOf(await converted(saved))).toEqual(runOf(prompt));
    expect(complaints(page, ALLOWED)).toEqual([]);
  });

  it("makes files that run here as there, and come back from here as they are", async () => {
    const { saved, prompt } = await editThere(page, editedFiles(catalogue).get("plain") ?? "");
    expect(runOf(await converted(saved))).toEqual(runOf(prompt));
    const again = await passThrough(page, saved);
    expect(runOf(again.prompt)).toEqual(runOf(prompt));
    expect(facts(again.saved)).toEqual(facts(saved));
    expect(complaints(page, ALLOWED)).toEqual([]);
  });

  it("makes of group nodes what this editor makes of them", async () => {
    const text = groupNodeFile();
    const { prompt } = await passThrough(page, text);
    const here = withoutGroupNodes(text, catalogue);
    expect(treesOf(await converted(text))).toEqual(treesOf(prompt));
    expect(treesOf(await converted(here))).toEqual(treesOf(prompt));
    expect(treesOf((await passThrough(page, here)).prompt)).toEqual(treesOf(prompt));
  });
});
