import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exactInteger } from "@/document/exact-json";
import { removeItems } from "@/document/nodes";
import { nodeId, ROOT } from "@/document/records";
import type { OpenDocument } from "@/editor/session";
import { useJobs } from "@/run/jobs";
import { resolveAxis } from "@/sweep/axis-values";
import { putValues } from "@/sweep/cells";
import { keepSweep, keptSweep } from "@/sweep/kept-sweeps";
import { restoreSweep } from "@/sweep/sweep-run";
import { freshCell, resultsOf, type Sweep, sweepOf, toggleBest, useSweeps } from "@/sweep/sweep-state";
import { kinds, openStarter } from "./starter";

const LARGEST = "18446744073709551615";
const DONE = {
  status: "completed",
  execution_start_time: 1000,
  execution_end_time: 3500,
  outputs: { "7": { images: [{ filename: "a.png", subfolder: "", type: "output" }] } },
};
const FAILED = { status: "failed", execution_error: { exception_message: "no memory\n" } };

let server: Server;
let document: OpenDocument;
/** What the server knows, by job. */
let known: Record<string, object> = {};

beforeEach(async () => {
  localStorage.clear();
  useSweeps.setState({ sweeps: new Map() });
  known = {};
  document = openStarter();
  server = createServer((request, response) => {
    const job = known[/jobs\/([^/?]+)/.exec(request.url ?? "")?.[1] ?? ""];
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.statusCode = job ? 200 : 404;
    response.end(JSON.stringify(job ? { events: [], job, ...job } : { error: "there is no such job" }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const base = globalThis.document.createElement("base");
  base.href = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  globalThis.document.head.append(base);
});

afterEach(async () => {
  globalThis.document.querySelector("base")?.remove();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const axis = (widget: string, text: string) =>
  resolveAxis(document.store.records, kinds(), { path: "5", widget, mode: "list", text, choices: [] });

/** A sweep over three seeds whose jobs are a, b and c, as it was when it began. */
function begun(): Sweep {
  const cells = ["a", "b", "c"].map((job, at) => freshCell(job, [at, 0, 0], true));
  const sweep = { axes: [axis("seed", `1, 2, ${LARGEST}`)], cells, best: new Set(["b"]) };
  keepSweep(document.id, sweep);
  return sweep;
}

const states = () => sweepOf(document.id)?.cells.map(({ state }) => state);

test("a sweep comes back with its values to the last digit, its marks, and what became of each job", async () => {
  begun();
  known = { a: DONE, b: FAILED };
  restoreSweep(document);
  await vi.waitFor(() => expect(states()).toEqual(["done", "failed", "gone"]));
  const sweep = sweepOf(document.id);
  expect(sweep?.axes[0]?.values.map(({ value }) => exactInteger(value))).toEqual([1n, 2n, BigInt(LARGEST)]);
  expect(sweep?.cells.map(({ message }) => message)).toEqual(["", "no memory", ""]);
  expect(sweep?.cells[0]).toMatchObject({ seconds: 2.5 });
  expect(sweep?.cells.flatMap(resultsOf).map(({ filename }) => filename)).toEqual(["a.png"]);
  expect([...(sweep?.best ?? [])]).toEqual(["b"]);
});

test("jobs that still wait or run are shown so, and looked at again when they leave the queue", async () => {
  begun();
  known = { a: { status: "pending" }, b: { status: "in_progress" }, c: { status: "pending" } };
  restoreSweep(document);
  await vi.waitFor(() => expect(states()).toEqual(["waiting", "running", "waiting"]));
  known = { a: { status: "in_progress" }, b: DONE, c: { status: "cancelled" } };
  useJobs.setState({
    loaded: true,
    running: [{ id: "a", status: "in_progress", create_time: 0 }],
    waiting: [],
  });
  await vi.waitFor(() => expect(states()).toEqual(["running", "done", "cancelled"]));
});

test("a server that is away leaves the cells as they are until it answers", async () => {
  begun();
  const base = globalThis.document.querySelector("base");
  const href = base?.href ?? "";
  base?.setAttribute("href", "http://127.0.0.1:1/");
  restoreSweep(document);
  await new Promise((done) => setTimeout(done, 50));
  expect(states()).toEqual(["waiting", "waiting", "waiting"]);
  base?.setAttribute("href", href);
  known = { a: DONE, b: DONE, c: DONE };
  useJobs.setState({ loaded: true, running: [], waiting: [] });
  await vi.waitFor(() => expect(states()).toEqual(["done", "done", "done"]));
});

test("marks are kept as they are made, and the sweeps of twelve documents are kept", () => {
  const sweep = begun();
  useSweeps.setState({ sweeps: new Map([[document.id, sweep]]) });
  toggleBest(document.id, "c");
  expect(keptSweep(document.id)?.best).toEqual(["b", "c"]);
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 1000);
  for (let at = 0; at < 12; at++) keepSweep(`other ${at}`, sweep);
  expect(keptSweep(document.id)).toBeUndefined();
  expect(keptSweep("other 0")?.jobs).toEqual(["a", "b", "c"]);
  vi.restoreAllMocks();
});

test("what was kept and cannot be read is no sweep", () => {
  for (const text of ["{", "null", "[]", '{"axes":1,"jobs":["a"]}', '{"axes":[{"path":1}],"jobs":["a"]}']) {
    localStorage.setItem("latentloom.sweep.starter", text);
    expect(keptSweep("starter")).toBeUndefined();
  }
});

test("values of a node that is gone are not used, and it is told which", () => {
  const sweep = begun();
  document.store.transact("test", (tx) => removeItems(tx, ROOT, [nodeId(ROOT, 5)]));
  const steps = document.store.done.length;
  expect(putValues(document.store, sweep.axes, [0, 0, 0])).toEqual([sweep.axes[0]?.name]);
  expect(document.store.done).toHaveLength(steps);
});
