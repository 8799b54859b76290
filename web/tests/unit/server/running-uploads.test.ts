import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useRunningUploads } from "@/server/running-uploads";
import { uploadImage } from "@/server/uploads";

const KEPT = { name: "cat.png", subfolder: "", type: "input" };

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "*");
    if (request.method === "OPTIONS") response.end();
    else answer(request, response);
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

const picture = (bytes: number) => new File([new Uint8Array(bytes)], "cat.png", { type: "image/png" });
const running = () => useRunningUploads.getState().uploads;

/** Read the request to its end, then answer. */
const whole =
  (body: object, status = 200) =>
  (request: IncomingMessage, response: ServerResponse) => {
    request.resume().on("end", () => {
      response.statusCode = status;
      response.end(JSON.stringify(body));
    });
  };

test("an upload is in the list with its name while it runs, tells how far it is, and is gone after it", async () => {
  answer = whole(KEPT);
  const seen = new Set<string>();
  const shares: number[] = [];
  const end = useRunningUploads.subscribe(({ uploads }) => {
    for (const { name, done } of uploads) {
      seen.add(name);
      if (done !== null) shares.push(done);
    }
  });
  const stored = await uploadImage(picture(4_000_000));
  end();
  expect(stored).toEqual({ filename: "cat.png", subfolder: "", type: "input" });
  expect([...seen]).toEqual(["cat.png"]);
  expect(shares).toEqual([...shares].sort((one, other) => one - other));
  expect(shares.every((share) => share > 0 && share < 1)).toBe(true);
  expect(running()).toEqual([]);
});

test("an upload that is taken back ends as cancelled, and the server hears no more of it", async () => {
  const begun = new Promise<IncomingMessage>((resolve) => {
    answer = resolve;
  });
  const ended = expect(uploadImage(picture(50_000_000))).rejects.toMatchObject({
    kind: "cancelled",
    status: 0,
  });
  const request = await begun;
  running()[0]?.cancel();
  await ended;
  expect(running()).toEqual([]);
  const closed = new Promise((done) => request.on("close", done));
  request.on("error", () => undefined).resume();
  await closed;
  expect(request.complete).toBe(false);
});

test("why the server refuses a file is told in its own words", async () => {
  answer = whole({ error: { type: "too_large", message: "the file is too large", details: "100 MB" } }, 413);
  await expect(uploadImage(picture(10))).rejects.toMatchObject({
    status: 413,
    kind: "too_large",
    message: "the file is too large",
    details: "100 MB",
  });
  expect(running()).toEqual([]);
});

test("a server that is away is told as such", async () => {
  document.querySelector("base")?.setAttribute("href", "http://127.0.0.1:1/");
  await expect(uploadImage(picture(10))).rejects.toMatchObject({ status: 0, kind: "unreachable" });
  expect(running()).toEqual([]);
});
