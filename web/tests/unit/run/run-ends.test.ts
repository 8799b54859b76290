import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onRunsEnd } from "@/run/run-ends";
import { clientId } from "@/server/client-id";
import { type Events, tell } from "@/server/events";

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly client_id: string;
  readonly title?: string;
}

let server: Server;
let jobs: readonly Listed[] = [];
let told: string[] = [];
let end: () => void;

beforeEach(async () => {
  told = [];
  server = createServer((request, response) => {
    const wanted = (new URL(request.url ?? "", "http://x").searchParams.get("status") ?? "").split(",");
    const found = jobs.filter(({ status }) => wanted.includes(status));
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.end(JSON.stringify({ jobs: found, pagination: { total: found.length } }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const base = document.createElement("base");
  base.href = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  document.head.append(base);
  end = onRunsEnd((one) => told.push(`${one.failed ? "failed" : "done"}: ${one.text}`));
});

afterEach(async () => {
  end();
  document.querySelector("base")?.remove();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const succeed = (id: string, timestamp = Date.now()) =>
  tell("execution_success", { prompt_id: id, timestamp });

const error = (id: string, more: Partial<Events["execution_error"]> = {}) =>
  tell("execution_error", {
    prompt_id: id,
    exception_type: "MemoryError",
    exception_message: "no memory\nfor this",
    timestamp: Date.now(),
    ...more,
  });

test("the end of the last run of this tab is told, whatever others still run", async () => {
  const own = await clientId();
  jobs = [
    { id: "a", status: "completed", client_id: own, title: "Portrait" },
    { id: "b", status: "pending", client_id: own, title: "Portrait" },
    { id: "c", status: "in_progress", client_id: "other" },
  ];
  succeed("a");
  await new Promise((done) => setTimeout(done, 50));
  expect(told).toEqual([]);
  jobs = jobs.map((job) => (job.id === "b" ? { ...job, status: "completed" } : job));
  succeed("b");
  await vi.waitFor(() => expect(told).toEqual(["done: Portrait is done."]));
});

test("every failure is told with its reason, and nothing that was over long ago", async () => {
  error("a");
  error("a", { timestamp: Date.now() - 60_000 });
  error("a", { exception_type: "ExecutionBlocked" });
  succeed("a", Date.now() - 60_000);
  await new Promise((done) => setTimeout(done, 50));
  expect(told).toEqual([expect.stringMatching(/^failed: .*: no memory$/)]);
});
