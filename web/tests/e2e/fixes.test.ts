// @vitest-environment jsdom

/**
 * Faults that users make, put into the starter workflow: each is sent to a real server, and the first fix that is
 * offered is applied. It is the right one when the server then takes the workflow.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useCatalogue } from "@/catalogue/state";
import { connect, disconnect, inputSlotOf } from "@/document/links";
import { addNode, amendNode, removeItems, setMode } from "@/document/nodes";
import { readWorkflow } from "@/document/read";
import { type Json, type JsonObject, MODE, nodeId, ROOT } from "@/document/records";
import type { Transaction } from "@/document/transaction";
import { loadCatalogue } from "@/editor/load-catalogue";
import type { OpenDocument } from "@/editor/session";
import { createDocument } from "@/files/create-document";
import { problemsOf } from "@/run/problems-state";
import { runWorkflow } from "@/run/run";
import { recordRuns } from "@/run/run-events";
import { fetchJson } from "@/server/api";
import { tell } from "@/server/events";
import { type Server, startServer, WEB } from "./server";

const STARTER = readFileSync(join(WEB, "..", "workflows", "text_to_image.json"), "utf8");
/** Nodes of the starter workflow. */
const [LOADER, PROMPT, , LATENT, SAMPLER, DECODER, SAVER] = [1, 2, 3, 4, 5, 6, 7];

let server: Server;

beforeAll(async () => {
  server = await startServer();
  const base = document.createElement("base");
  base.href = `${server.url}/`;
  document.head.append(base);
  await loadCatalogue();
  await fetchJson("/queue", { json: { pause: true } });
  recordRuns();
});
afterAll(() => server.stop());

function opened(fault: (tx: Transaction) => void): OpenDocument {
  const open = createDocument(readWorkflow(JSON.parse(STARTER) as JsonObject), { title: "faulty" });
  open.store.transact("fault", fault);
  return open;
}

function kind(type: string) {
  const found = useCatalogue.getState().catalogue.get(type);
  if (!found) throw new Error(`the server has no ${type}`);
  return found;
}

function values(id: number, change: (list: Json[]) => void): (tx: Transaction) => void {
  return (tx) => {
    const list = [...(tx.needNode(ROOT, id).raw.widgets_values as readonly Json[])];
    change(list);
    amendNode(tx, ROOT, id, { widgets_values: list });
  };
}

function linkOfInput(tx: Transaction, id: number, name: string): number {
  const input = tx.needNode(ROOT, id).raw.inputs?.find((one) => one.name === name);
  return Number(input?.link);
}

const cut = (id: number, name: string) => (tx: Transaction) =>
  disconnect(tx, ROOT, linkOfInput(tx, id, name));

/** Join output 0 of a new node to an input. */
function feedWith(type: string, id: number, name: string): (tx: Transaction) => void {
  return (tx) => {
    const added = addNode(tx, ROOT, kind(type), [0, 900]);
    const node = tx.needNode(ROOT, id);
    const targetSlot = inputSlotOf(tx, node, kind(node.raw.type), name);
    connect(tx, ROOT, { origin: added.raw.id, originSlot: 0, target: id, targetSlot });
  };
}

const FAULTS: readonly (readonly [string, (tx: Transaction) => void])[] = [
  ["a model of another name", values(LOADER, (list) => list.splice(0, 1, "Starter-v1.ckpt"))],
  [
    "a model in a folder that is not there",
    values(LOADER, (list) => list.splice(0, 1, "sd/starter.safetensors")),
  ],
  ["a sampler with a slip of the pen", values(SAMPLER, (list) => list.splice(4, 1, "eulr"))],
  ["a scheduler of another program", values(SAMPLER, (list) => list.splice(5, 1, "Karras (v2)"))],
  ["more steps than there may be", values(SAMPLER, (list) => list.splice(2, 1, 100_000))],
  ["less than no denoising", values(SAMPLER, (list) => list.splice(6, 1, -0.5))],
  ["a width that is too small", values(LATENT, (list) => list.splice(0, 1, 1))],
  ["words where steps are asked for", values(SAMPLER, (list) => list.splice(2, 1, "20 steps"))],
  ["nothing where a number is asked for", values(SAMPLER, (list) => list.splice(3, 1, "high"))],
  ["no model", cut(SAMPLER, "model")],
  ["no latent, with one still there", cut(SAMPLER, "latent_image")],
  ["no latent anywhere", (tx) => removeItems(tx, ROOT, [nodeId(ROOT, LATENT)])],
  ["no decoder's weights", cut(DECODER, "vae")],
  ["no text encoder", cut(PROMPT, "clip")],
  ["a prompt that was muted", (tx) => setMode(tx, ROOT, [PROMPT], MODE.muted)],
  [
    "latents where a picture is asked for",
    (tx) => {
      const targetSlot = inputSlotOf(tx, tx.needNode(ROOT, SAVER), kind("SaveImage"), "images");
      connect(tx, ROOT, { origin: SAMPLER, originSlot: 0, target: SAVER, targetSlot });
    },
  ],
  ["a mask where a picture is asked for", feedWith("SolidMask", SAVER, "images")],
  ["a picture where latents are asked for", feedWith("EmptyImage", SAMPLER, "latent_image")],
  ["a text where a conditioning is asked for", feedWith("PrimitiveStringMultiline", SAMPLER, "positive")],
  [
    "a kind of node that nobody has",
    (tx) => amendNode(tx, ROOT, LATENT, { type: "EmptyLatentImage (custom)" }),
  ],
  ["a kind of node by its old name", (tx) => amendNode(tx, ROOT, SAVER, { type: "Save_Image" })],
  ["nothing that saves", (tx) => removeItems(tx, ROOT, [nodeId(ROOT, SAVER)])],
  ["what saves is muted", (tx) => setMode(tx, ROOT, [SAVER], MODE.muted)],
  [
    "a circle",
    (tx) => {
      const encoder = addNode(tx, ROOT, kind("VAEEncode"), [1500, 500]);
      const join = (origin: number, originSlot: number, target: number, name: string) => {
        const node = tx.needNode(ROOT, target);
        const targetSlot = inputSlotOf(tx, node, kind(node.raw.type), name);
        connect(tx, ROOT, { origin, originSlot, target, targetSlot });
      };
      join(LOADER, 2, Number(encoder.raw.id), "vae");
      join(DECODER, 0, Number(encoder.raw.id), "pixels");
      join(Number(encoder.raw.id), 0, SAMPLER, "latent_image");
    },
  ],
];

const outcomes: { fault: string; problems: string[]; fix: string | undefined; taken: boolean }[] = [];

async function problemsFound(open: OpenDocument): Promise<void> {
  // What mends problems is loaded and found a moment later.
  for (let turn = 0; turn < 100 && problemsOf(open.id).every(({ fixes }) => fixes.length === 0); turn++) {
    await new Promise((done) => setTimeout(done, 20));
  }
}

test.each(FAULTS)("%s: the workflow is refused, and a fix is offered", async (fault, put) => {
  const open = opened(put);
  const before = await runWorkflow(open);
  await problemsFound(open);
  const problems = problemsOf(open.id);
  expect(problems.map(({ type }) => type)).not.toEqual([]);
  // A circle is one fault at several nodes; the others are one problem each.
  const [fix] = problems.flatMap(({ fixes }) => fixes.slice(0, 1));
  await fix?.apply();
  const after = await runWorkflow(open);
  const taken = before.length === 0 && after.length === 1 && problemsOf(open.id).length === 0;
  outcomes.push({ fault, problems: problems.map(({ type }) => type), fix: fix?.label, taken });
  if (fix) {
    open.store.undo();
    expect(open.store.done).toHaveLength(1);
  }
});

test("of the faults, at least nine in ten are mended by the first fix", () => {
  const wrong = outcomes.filter(({ taken }) => !taken);
  expect(outcomes.length).toBeGreaterThanOrEqual(20);
  expect(wrong.length, JSON.stringify(wrong, null, 1)).toBeLessThanOrEqual(outcomes.length / 10);
});

test("where memory runs out, half the batch is offered", async () => {
  const open = opened(values(LATENT, (list) => list.splice(2, 1, 8)));
  const [job] = await runWorkflow(open);
  tell("execution_start", { prompt_id: job, timestamp: 0 });
  tell("execution_error", {
    prompt_id: job,
    node_id: String(SAMPLER),
    node_type: "KSampler",
    exception_type: "torch.OutOfMemoryError",
    exception_message: "CUDA out of memory. Tried to allocate 2.00 GiB.",
    traceback: [],
    current_inputs: {},
  });
  await problemsFound(open);
  const [problem] = problemsOf(open.id);
  expect(problem).toMatchObject({ path: String(SAMPLER), atRunTime: true });
  await problem?.fixes[0]?.apply();
  expect(open.store.node(ROOT, LATENT)?.raw.widgets_values).toEqual([64, 64, 4]);
});
