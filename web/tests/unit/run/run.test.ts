import { afterEach, beforeEach, expect, test } from "vitest";
import { readObjectInfo } from "@/catalogue/object-info";
import { useCatalogue } from "@/catalogue/state";
import { readWorkflow } from "@/document/read";
import { DocumentStore } from "@/document/store";
import { type OpenDocument, useSession } from "@/editor/session";
import { runWorkflow } from "@/run/run";
import { pending, serve } from "../server/small-server";

useCatalogue.setState({
  catalogue: readObjectInfo({
    Sampler: {
      input: { required: { seed: ["INT", { default: 0, min: 0, max: 1000, control_after_generate: true }] } },
      output: [],
    },
  }),
  loaded: true,
});

let close: () => Promise<void>;
let seeds: unknown[];
let first = pending<void>();

beforeEach(async () => {
  seeds = [];
  first = pending();
  close = await serve(async ({ url, body }) => {
    if (url.pathname !== "/api/prompt") return { jobs: [], pagination: { total: 0 } };
    const { prompt, prompt_id } = JSON.parse(body);
    seeds.push(prompt.nodes[0].widgets_values[0]);
    if (seeds.length === 1) await first.promise;
    return { prompt_id, node_errors: {} };
  });
});
afterEach(() => close());

function open(): OpenDocument {
  const store = new DocumentStore(
    readWorkflow({ nodes: [{ id: 1, type: "Sampler", pos: [0, 0], widgets_values: [5, "increment"] }] }),
  );
  const document: OpenDocument = {
    id: "document",
    title: "Two runs",
    path: null,
    store,
    savedSteps: 0,
    scopes: ["root"],
    selection: new Set(),
    viewports: {},
  };
  useSession.getState().open(document);
  return document;
}

test("a run that is asked for while another one is on its way has the seed after that one's", async () => {
  const document = open();
  const runs = [runWorkflow(document), runWorkflow(document, { count: 2 })];
  await expect.poll(() => seeds.length).toBe(1);
  first.fulfil();
  const taken = await Promise.all(runs);
  expect(taken.map(({ length }) => length)).toEqual([1, 2]);
  expect(seeds).toEqual([5, 6, 7]);
});
