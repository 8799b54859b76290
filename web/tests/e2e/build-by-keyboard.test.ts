import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyCanvas, nodes, pictureWidth, STEPS, undoAndRedoAll } from "./building";
import { axe, complaints, openPage, type Server, shot, startServer } from "./harness";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Add a node by typing its name; it has the focus afterwards. */
async function add(page: Page, kind: string): Promise<void> {
  const before = await page.locator("[data-canvas]").getAttribute("data-nodes");
  await page.keyboard.press("n");
  await page.locator("[role=dialog] input:focus").waitFor();
  await page.keyboard.type(kind);
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(`[data-canvas]:not([data-nodes="${before}"])`).waitFor();
  // The focus comes back to where it was, then goes to the new node.
  await page.locator(`[data-id="${Number(before) + 1}"]:focus`).waitFor();
}

/** Join a socket of the node that has the focus with the first one that fits what is typed. */
async function join(page: Page, socket: string, target: string, shown = target): Promise<void> {
  await page.keyboard.press("c");
  await page.locator("[role=dialog] input:focus").waitFor();
  await page.keyboard.type(socket);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /^Connect .+ to$/ }).waitFor();
  await page.keyboard.type(target);
  await page.locator("[role=option][aria-selected=true]").filter({ hasText: shown }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.locator("[data-node]:focus").waitFor();
}

/** Go into the focused node, to the field of this name, type a value and go back to the node. */
async function fill(page: Page, name: string, value: string): Promise<void> {
  await page.keyboard.press("Enter");
  const passed: string[] = [];
  for (let at = await focusedName(page); at !== name; at = await focusedName(page)) {
    passed.push(at);
    expect(passed.length, `Tab passed ${passed} and not ${name}`).toBeLessThan(12);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type(value);
  const multiline = await page.locator("textarea:focus").count();
  await page.keyboard.press(multiline ? "Escape" : "Enter");
  await page.waitForTimeout(50);
  if (!(await page.locator("[data-node]:focus").count())) await page.keyboard.press("Escape");
  await page.locator("[data-node]:focus").waitFor();
}

const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const focused = document.activeElement;
    const ids = focused?.getAttribute("aria-labelledby")?.split(" ") ?? [];
    const named = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    return (named || focused?.getAttribute("aria-label")) ?? "";
  });

test("text to image is built from an empty canvas and run with the keyboard alone", async () => {
  const page = await openPage(server);
  await emptyCanvas(page);
  await shot(page, "build-empty");
  await add(page, "CheckpointLoaderSimple");
  await add(page, "CLIPTextEncode");
  await join(page, "input clip", "Load Checkpoint");
  await fill(page, "text", "a red apple");
  await add(page, "CLIPTextEncode");
  await join(page, "input clip", "Load Checkpoint");
  await add(page, "EmptyLatentImage");
  await fill(page, "width", "64");
  await fill(page, "height", "64");
  await add(page, "KSampler");
  await join(page, "input model", "Load Checkpoint");
  await join(page, "input positive", "encode 2", "#2");
  await join(page, "input negative", "encode 3", "#3");
  await join(page, "input latent_image", "LATENT");
  await fill(page, "steps", STEPS);
  await add(page, "VAEDecode");
  await join(page, "input samples", "KSampler");
  await join(page, "input vae", "Load Checkpoint");
  await add(page, "SaveImage");
  await join(page, "input images", "VAE Decode");
  expect(await page.locator("[data-canvas]").getAttribute("data-nodes")).toBe("7");
  await page.keyboard.press("Control+Enter");
  expect(await pictureWidth(page, "Save Image")).toBe(64);
  await shot(page, "build-keyboard-run");
  await undoAndRedoAll(page);
  await page.keyboard.press("Shift+l");
  await page.keyboard.press(".");
  await page.waitForTimeout(500);
  await shot(page, "build-keyboard-arranged");
  expect(await axe(page)).toEqual([]);
  expect(complaints(page)).toEqual([]);
  expect(await nodes(page).count()).toBeGreaterThan(0);
});
