import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { rememberJob } from "@/run/job-documents";
import { nodeRun } from "@/run/node-run";
import { startRuns } from "@/run/start-runs";
import { clientId } from "@/server/client-id";
import { tell } from "@/server/events";
import type { Message } from "@/server/following";
import { openStarter } from "../sweep/starter";

type Status = "pending" | "in_progress" | "completed" | "cancelled";

let server: Server;
let known: Record<string, { readonly status: Status; readonly events: readonly Message[] }> = {};
let heard: string[] = [];

const answer = (url: URL): object | null => {
  const id = /jobs\/([^/]+)\/events/.exec(url.pathname)?.[1];
  if (id !== undefined) {
    heard.push(id);
    const job = known[id];
    return job ? { events: job.events, last: 0, job: { id, status: job.status } } : null;
  }
  const wanted = (url.searchParams.get("status") ?? "").split(",");
  const jobs = Object.entries(known)
    .map(([id, { status }]) => ({ id, status }))
    .filter(({ status }) => wanted.includes(status));
  return { jobs, pagination: { total: jobs.length } };
};

beforeEach(async () => {
  server = createServer((request, response) => {
    const told = answer(new URL(request.url ?? "", "http://server"));
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.statusCode = told ? 200 : 404;
    response.end(JSON.stringify(told ?? { error: "there is no such job" }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const base = document.createElement("base");
  base.href = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  document.head.append(base);
});

afterEach(async () => {
  document.querySelector("base")?.remove();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

/** What a job tells of one picture. */
function picture(job: string, filename: string): readonly Message[] {
  const output = { images: [{ filename, subfolder: "", type: "output" }] };
  return [
    { type: "execution_start", data: { prompt_id: job, timestamp: 0 }, sequence: 1 },
    { type: "executed", data: { prompt_id: job, node: "7", display_node: "7", output }, sequence: 2 },
  ];
}

test("after a reload nodes show their last results, however many jobs wait behind them", async () => {
  const { id: documentId } = openStarter();
  const client = await clientId();
  const jobs = ["old", "last", "stopped", "forgotten", "runs", "next", "later", "more", "most"];
  // As an earlier page has left it.
  localStorage.setItem("latentloom.runs", JSON.stringify(jobs.map((job) => ({ job, documentId, client }))));
  rememberJob({ job: "sent now", documentId, client });
  known = {
    old: { status: "completed", events: picture("old", "old.png") },
    last: { status: "completed", events: picture("last", "last.png") },
    stopped: { status: "cancelled", events: [] },
    runs: { status: "in_progress", events: [] },
    next: { status: "pending", events: [] },
    later: { status: "pending", events: [] },
    more: { status: "pending", events: [] },
    most: { status: "pending", events: [] },
  };
  heard = [];
  startRuns();
  tell("connected", { again: false });
  await vi.waitFor(() => expect(heard).toContain("runs"));
  expect(nodeRun(documentId, "7").outputs.map(({ filename }) => filename)).toEqual(["last.png"]);
  expect(heard).toEqual(["forgotten", "stopped", "last", "runs"]);
});
