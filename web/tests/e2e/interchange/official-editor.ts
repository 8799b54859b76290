/** ComfyUI's own editor, served by this server, in a page: it opens workflows and tells what it makes of them. */

import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { openPage, type Server, startServer } from "../harness";
import { WEB } from "../server";

const VERSION = "1.58.1";
const PATIENCE_MS = 60_000;

/** What it makes of a workflow. */
export interface Opened {
  /** What it saves. */
  readonly saved: string;
  /** What it would run, in API format. */
  readonly prompt: string;
}

/** Start a server that serves ComfyUI's editor; it is installed where it is not yet. */
export async function startOfficial(): Promise<Server> {
  const root = dirname(WEB);
  const python = join(root, ".venv", "bin", "python");
  const ask = `from tests.clients.environments import front_end; print(front_end("${VERSION}"))`;
  const folder = execFileSync(python, ["-c", ask], { cwd: root, encoding: "utf8" }).trim();
  return startServer({ args: ["--web-root", "comfyui"], environment: { PYTHONPATH: folder } });
}

interface Node {
  readonly id: number;
  readonly inputs: readonly { readonly name: string }[];
  connect(slot: number, target: Node, input: number): unknown;
}

interface Graph {
  readonly nodes: readonly (Node & { readonly type: string })[];
  readonly links: { values(): Iterable<{ readonly target_id: number; readonly type: string }> };
  add(node: Node): void;
  createReroute(at: readonly [number, number], link: unknown): unknown;
  convertToSubgraph(items: ReadonlySet<unknown>): { readonly node: Node };
}

interface App {
  readonly graph: Graph;
  loadGraphData(json: unknown, clean?: boolean, restoreView?: boolean): Promise<void>;
  graphToPrompt(): Promise<{ readonly workflow: unknown; readonly output: unknown }>;
}

/** Open ComfyUI's editor and wait until it has started. */
export async function openOfficial(server: Server): Promise<Page> {
  const page = await openPage(server);
  await page.waitForFunction(() => (window as unknown as { app?: App }).app?.graph, undefined, {
    timeout: PATIENCE_MS,
  });
  await page.getByTestId("queue-button").waitFor({ timeout: PATIENCE_MS });
  return page;
}

/** Let ComfyUI's editor open a workflow, save it and tell what it would run. */
export function passThrough(page: Page, text: string): Promise<Opened> {
  return page.evaluate(async (json) => {
    const { app } = window as unknown as { app: App };
    await app.loadGraphData(JSON.parse(json), true, false);
    const { workflow, output } = await app.graphToPrompt();
    return { saved: JSON.stringify(workflow), prompt: JSON.stringify(output) };
  }, text);
}

/** Let it open a workflow, join a primitive, lead a wire through a point and make a subgraph, as its users do. */
export function editThere(page: Page, text: string): Promise<Opened> {
  return page.evaluate(async (json) => {
    const { app, LiteGraph } = window as unknown as {
      readonly app: App;
      readonly LiteGraph: { createNode(type: string): Node };
    };
    await app.loadGraphData(JSON.parse(json), true, false);
    const { graph } = app;
    const find = (type: string) => {
      const node = graph.nodes.find((one) => one.type === type);
      if (!node) throw new Error(`there is no ${type}`);
      return node;
    };
    const sampler = find("KSampler");
    const primitive = LiteGraph.createNode("PrimitiveNode");
    graph.add(primitive);
    primitive.connect(
      0,
      sampler,
      sampler.inputs.findIndex(({ name }) => name === "steps"),
    );
    const wire = [...graph.links.values()].find(({ type }) => type === "MODEL");
    graph.createReroute([700, -100], wire);
    graph.convertToSubgraph(new Set([sampler, find("EmptyLatentImage")]));
    const { workflow, output } = await app.graphToPrompt();
    return { saved: JSON.stringify(workflow), prompt: JSON.stringify(output) };
  }, text);
}
