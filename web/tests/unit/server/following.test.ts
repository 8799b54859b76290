import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { onEvent } from "@/server/events";
import { catchUp, followJob, type Message, takeMessage, unfollowJob } from "@/server/following";

const tick = (sequence: number): Message => ({
  type: "progress",
  data: { prompt_id: "job", value: sequence },
  sequence,
});
const END: Message = { type: "executing", data: { prompt_id: "job", node: null }, sequence: 9 };

let log: Message[] = [];
let asked: string[] = [];
let status = "in_progress";
let whileAnswering: () => void = () => undefined;
let heard: number[] = [];
let server: Server;
let end: () => void;

beforeEach(async () => {
  [log, asked, heard, status, whileAnswering] = [[], [], [], "in_progress", () => undefined];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const after = Number(new URL(request.url ?? "", "http://x").searchParams.get("after"));
    const events = log.filter(({ sequence = 0 }) => sequence > after);
    whileAnswering();
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.end(JSON.stringify({ events, last: 0, job: { id: "job", status } }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const base = document.createElement("base");
  base.href = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  document.head.append(base);
  end = onEvent("progress", ({ value }) => heard.push(value));
});

afterEach(async () => {
  end();
  unfollowJob("job");
  document.querySelector("base")?.remove();
  await new Promise((closed) => server.close(closed));
});

test("a message that is told twice is heard once", () => {
  followJob("job");
  for (const sequence of [1, 2, 2, 1, 3]) takeMessage(tick(sequence));
  expect(heard).toEqual([1, 2, 3]);
});

test("what was missed is heard before what came in the meantime, each once and in order", async () => {
  followJob("job");
  takeMessage(tick(1));
  log = [1, 2, 3, 4].map(tick);
  whileAnswering = () => {
    takeMessage(tick(4));
    takeMessage(tick(5));
  };
  await catchUp("job");
  expect(heard).toEqual([1, 2, 3, 4, 5]);
  expect(asked).toEqual(["/api/jobs/job/events?after=1"]);
});

test("a connection that is lost while something is fetched leaves no gap", async () => {
  followJob("job");
  takeMessage(tick(1));
  log = [1, 2].map(tick);
  whileAnswering = () => {
    // The connection was found again: 3 and 4 were missed, and 5 is heard before they are fetched.
    whileAnswering = () => undefined;
    log = [1, 2, 3, 4, 5].map(tick);
    void catchUp("job");
    takeMessage(tick(5));
  };
  await catchUp("job");
  expect(heard).toEqual([1, 2, 3, 4, 5]);
  expect(asked).toHaveLength(2);
});

test("a job that is over is followed no longer, so that nothing is fetched for it again", async () => {
  followJob("job");
  takeMessage(tick(1));
  takeMessage(END);
  expect(await catchUp("job")).toBeNull();
  expect(asked).toEqual([]);
});

test("a job that ended while the connection was lost is told to its end", async () => {
  followJob("job");
  [log, status] = [[tick(1), tick(2), END], "completed"];
  expect(await catchUp("job")).toMatchObject({ status: "completed" });
  expect(heard).toEqual([1, 2]);
  expect(await catchUp("job")).toBeNull();
});

test("a job whose server is away stays followed", async () => {
  followJob("job");
  document.querySelector("base")?.setAttribute("href", "http://127.0.0.1:1/");
  expect(await catchUp("job")).toBeNull();
  takeMessage(tick(1));
  expect(heard).toEqual([1]);
});

test("messages about jobs that nobody follows are told as they come", () => {
  takeMessage(tick(3));
  takeMessage(tick(3));
  expect(heard).toEqual([3, 3]);
});
