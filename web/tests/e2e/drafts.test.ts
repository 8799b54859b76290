import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { nodeId, ROOT } from "@/document/records";
import { type Draft, readJournal } from "@/files/journal";
import { eventually, forgive, openPage, openTab, type Server, startServer } from "./harness";

/** How far one press of Alt and an arrow moves a node, in canvas pixels. */
const STEP = 10;

let server: Server;
let page: Page;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  page = await ready(await openPage(server));
});
afterEach(() => page.context().close());

const tabs = () => page.locator("[data-document] [data-tab]");

/** Wait for the canvas, and put the keyboard on its first node. */
async function ready(opened: Page): Promise<Page> {
  await opened.locator("[data-node]").first().waitFor();
  await opened.locator("[data-node]").first().focus();
  await opened.keyboard.press("Home");
  return opened;
}

const nudge = () => page.keyboard.press("Alt+ArrowRight");

/** Return the draft on the server's disk that was written last; undefined where there is none. */
function draftOnDisk(): Draft | undefined {
  const folder = join(server.base, "user", "default", "drafts");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : [];
  const drafts = names.flatMap(
    (name) => readJournal(readFileSync(join(folder, name), "utf8").split("\n")) ?? [],
  );
  return drafts.sort((one, other) => other.facts.shown - one.facts.shown)[0];
}

/** Return where the first node of the starter is in that draft. */
function placeOnDisk(): number {
  const node = draftOnDisk()?.records.get(nodeId(ROOT, 1));
  return node?.kind === "node" ? Number((node.raw.pos as number[])[0]) : Number.NaN;
}

it("opens the starter at the first visit, and what was open at the next one", async () => {
  expect(await tabs().allTextContents()).toEqual(["Text to image"]);
  await page.keyboard.press("Alt+n");
  await eventually(async () => expect(await tabs().count()).toBe(2));
  await sleep(400);
  await page.reload();
  await eventually(async () => expect(await tabs().count()).toBe(2));
  expect(await page.locator("[data-tab][aria-current]").textContent()).toContain("Untitled");
  // What was only opened is no work that the server has to keep.
  await sleep(700);
  expect(draftOnDisk()).toBeUndefined();
});

it("shows the ways on where nothing is open, and stays so after a reload", async () => {
  await page.keyboard.press("Alt+w");
  await page.getByRole("heading", { name: "No workflow is open" }).waitFor();
  await sleep(400);
  await page.reload();
  await page.getByRole("heading", { name: "No workflow is open" }).waitFor();
});

it("loses at most a second of work when the page is killed at any moment", async () => {
  const context = page.context();
  await nudge();
  await eventually(() => expect(draftOnDisk()).toBeDefined());
  let before = placeOnDisk();
  for (let round = 0; round < 5; round++) {
    const pressed: number[] = [];
    for (let press = Math.floor(Math.random() * 15); press >= 0; press--) {
      await nudge();
      pressed.push(Date.now());
      await sleep(Math.random() * 150);
    }
    const killed = Date.now();
    const session = await context.newCDPSession(page);
    // The renderer dies at once: nothing tells the page that it is going.
    await Promise.race([session.send("Page.crash").catch(() => undefined), sleep(300)]);
    const dead = page;
    page = await ready(await openTab(context, server));
    await dead.close();
    await nudge();
    await sleep(1200);
    const kept = (placeOnDisk() - STEP - before) / STEP;
    const sure = pressed.filter((time) => time <= killed - 1000).length;
    expect(kept).toBeGreaterThanOrEqual(sure);
    expect(kept).toBeLessThanOrEqual(pressed.length);
    before = placeOnDisk();
  }
});

it("brings back what can be undone and redone", async () => {
  await nudge();
  await sleep(1000);
  const first = placeOnDisk();
  await page.keyboard.press("Control+d");
  await page.keyboard.press("Control+d");
  await sleep(1000);
  const steps = draftOnDisk()?.done.length ?? 0;
  expect(steps).toBeGreaterThanOrEqual(3);
  await page.keyboard.press("Control+z");
  await sleep(300);
  await page.reload();
  await ready(page);
  await page.keyboard.press("Control+Shift+z");
  await sleep(1200);
  expect(draftOnDisk()?.done).toHaveLength(steps);
  expect(draftOnDisk()?.undone).toEqual([]);
  for (let step = 0; step < steps; step++) await page.keyboard.press("Control+z");
  await sleep(1200);
  expect(draftOnDisk()?.done).toEqual([]);
  expect(first - placeOnDisk()).toBe(STEP);
});

it("has the work on the server within a second, and goes on when the server comes back", async () => {
  await nudge();
  await sleep(1000);
  const first = placeOnDisk();
  for (let press = 0; press < 4; press++) await nudge();
  await sleep(1000);
  await server.kill("SIGKILL");
  expect(placeOnDisk() - first).toBe(4 * STEP);
  for (let press = 0; press < 3; press++) await nudge();
  await sleep(1500);
  await server.restart();
  await eventually(() => expect(placeOnDisk() - first).toBe(7 * STEP));
  forgive(page);
});

it("takes drafts from the server where the browser has lost its own", async () => {
  for (let press = 0; press < 3; press++) await nudge();
  await sleep(1100);
  const before = placeOnDisk();
  const session = await page.context().newCDPSession(page);
  const storageTypes = "indexeddb,local_storage";
  const gone = page;
  page = await page.context().newPage();
  await gone.close();
  await session.detach().catch(() => undefined);
  const own = await page.context().newCDPSession(page);
  await own.send("Storage.clearDataForOrigin", { origin: server.url, storageTypes });
  await page.goto(server.url);
  await ready(page);
  await nudge();
  await sleep(1200);
  expect(placeOnDisk() - before).toBe(STEP);
});

it("offers the drafts of a browser that is gone for good", async () => {
  for (let press = 0; press < 2; press++) await nudge();
  await sleep(1100);
  const before = placeOnDisk();
  await page.context().close();
  page = await openPage(server);
  await page.locator("[data-node]").first().waitFor();
  await page.getByRole("button", { name: "Workflows" }).click();
  // A draft that was written just now may be at work in another browser.
  await sleep(15_000);
  await page.reload();
  await page
    .getByRole("button", { name: /other browser/i })
    .first()
    .click();
  await ready(page);
  await nudge();
  await sleep(1200);
  expect(placeOnDisk() - before).toBe(STEP);
});
