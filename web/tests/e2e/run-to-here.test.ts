import { eventually } from "./harness";
// @vitest-environment jsdom

/** Runs of parts of a workflow, and of subgraphs, on a real server. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useCatalogue } from "@/catalogue/state";
import { makeSubgraph } from "@/document/make-subgraph";
import { readWorkflow } from "@/document/read";
import { type JsonObject, ROOT } from "@/document/records";
import { writeWorkflow } from "@/document/write";
import { loadCatalogue } from "@/editor/load-catalogue";
import { createDocument } from "@/files/create-document";
import { nodeRun } from "@/run/node-run";
import { runWorkflow } from "@/run/run";
import { recordRuns } from "@/run/run-events";
import { fetchJson } from "@/server/api";
import { catchUp, isOver } from "@/server/following";
import { type Server, startServer, WEB } from "./server";

const STARTER = readFileSync(join(WEB, "..", "workflows", "text_to_image.json"), "utf8");
const PATIENCE = { timeout: 60_000, interval: 50 };

let server: Server;

beforeAll(async () => {
  server = await startServer();
  const base = document.createElement("base");
  base.href = `${server.url}/`;
  document.head.append(base);
  await loadCatalogue();
  recordRuns();
});
afterAll(() => server.stop());

/** Hear what happens in a job until it is over. */
async function heard(jobs: readonly string[]): Promise<void> {
  await eventually(async () => {
    const items = await Promise.all(jobs.map(catchUp));
    expect(items.map((item) => item !== null && isOver(item))).not.toContain(false);
  }, PATIENCE);
}

const opened = () => createDocument(readWorkflow(JSON.parse(STARTER) as JsonObject), { title: "starter" });

test("a run up to a node that shows nothing shows its result at it, runs nothing after it, and changes nothing", async () => {
  const open = opened();
  const before = JSON.stringify(writeWorkflow(open.store.records));
  const jobs = await runWorkflow(open, { targets: ["6"] });
  await heard(jobs);
  expect(nodeRun(open.id, "6").outputs).toHaveLength(1);
  expect(nodeRun(open.id, "6").outputs[0]).toMatchObject({ kind: "image", type: "temp" });
  expect(nodeRun(open.id, "7").state).toBe("idle");
  expect(JSON.stringify(writeWorkflow(open.store.records))).toBe(before);
  const kept = await fetchJson<{ workflow: { extra_data: { extra_pnginfo: { workflow: JsonObject } } } }>(
    `/jobs/${jobs[0]}`,
  );
  expect(kept.workflow.extra_data.extra_pnginfo.workflow).toEqual(JSON.parse(before));
});

test("the nodes in a subgraph are told by their paths, its instance is as far as they are together", async () => {
  const open = opened();
  const instance = open.store.transact("edit", (tx) =>
    makeSubgraph(tx, ROOT, ["node:root:5", "node:root:6"], "Draw", useCatalogue.getState().catalogue),
  );
  const path = String(instance.raw.id);
  await heard(await runWorkflow(open));
  expect(nodeRun(open.id, "7").outputs).toHaveLength(1);
  await eventually(() => expect(["done", "cached"]).toContain(nodeRun(open.id, path).state));
  expect(["done", "cached"]).toContain(nodeRun(open.id, `${path}:5`).state);
});
