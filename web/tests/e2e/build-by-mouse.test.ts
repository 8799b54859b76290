import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyCanvas, nodeNamed, pictureWidth, STEPS } from "./building";
import { complaints, openPage, type Server, shot, startServer } from "./harness";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Double click the canvas, search a kind and click it; the node's title comes to lie there. */
async function add(page: Page, kind: string, title: string, x: number, y: number): Promise<Locator> {
  await page.mouse.dblclick(x, y);
  await page.locator("[role=dialog] input:focus").waitFor();
  await page.keyboard.type(kind);
  await page.getByRole("option").first().click();
  const node = nodeNamed(page, title);
  await node.waitFor();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  return node;
}

async function middleOf(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("it is not drawn");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drag from an output to an input; sockets are named as their tooltips, such as `clip: CLIP`. */
async function join(page: Page, from: Locator, output: string, to: Locator, input: string): Promise<void> {
  const start = await middleOf(from.getByTitle(output, { exact: true }));
  const end = await middleOf(to.getByTitle(input, { exact: true }));
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 5 });
  await page.mouse.move(end.x, end.y, { steps: 5 });
  await page.mouse.up();
}

async function setNumber(page: Page, node: Locator, name: string, value: string): Promise<void> {
  await node.getByRole("spinbutton", { name }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type(value);
  await page.keyboard.press("Enter");
  await expect.poll(() => node.getByRole("spinbutton", { name }).textContent()).toBe(value);
}

test("text to image is built from an empty canvas and run with the mouse", async () => {
  const page = await openPage(server, { width: 1600, height: 1000, theme: "light" });
  await emptyCanvas(page);
  const checkpoint = await add(page, "CheckpointLoaderSimple", "Load Checkpoint", 120, 120);
  const positive = await add(page, "CLIPTextEncode", "CLIP Text Encode (Prompt)", 440, 120);
  const text = positive.getByRole("textbox", { name: "text" });
  await text.click();
  await page.keyboard.type("a red apple");
  const first = await positive.getAttribute("data-id");
  await add(page, "CLIPTextEncode", "CLIP Text Encode (Prompt)", 440, 400);
  const latent = await add(page, "EmptyLatentImage", "Empty Latent Image", 120, 400);
  await setNumber(page, latent, "width", "64");
  await setNumber(page, latent, "height", "64");
  const sampler = await add(page, "KSampler", "KSampler", 940, 120);
  await setNumber(page, sampler, "steps", STEPS);
  const decode = await add(page, "VAEDecode", "VAE Decode", 940, 560);
  const save = await add(page, "SaveImage", "Save Image", 1240, 120);
  const prompts = page.locator("[data-canvas] [data-node]").filter({ hasText: "CLIP Text Encode (Prompt)" });
  const [one, two] = [page.locator(`[data-id="${first}"]`), prompts.last()];
  await join(page, checkpoint, "CLIP: CLIP", one, "clip: CLIP");
  await join(page, checkpoint, "CLIP: CLIP", two, "clip: CLIP");
  await join(page, checkpoint, "MODEL: MODEL", sampler, "model: MODEL");
  await join(page, one, "CONDITIONING: CONDITIONING", sampler, "positive: CONDITIONING");
  await join(page, two, "CONDITIONING: CONDITIONING", sampler, "negative: CONDITIONING");
  await join(page, latent, "LATENT: LATENT", sampler, "latent_image: LATENT");
  await join(page, sampler, "LATENT: LATENT", decode, "samples: LATENT");
  await join(page, checkpoint, "VAE: VAE", decode, "vae: VAE");
  await join(page, decode, "IMAGE: IMAGE", save, "images: IMAGE");
  await shot(page, "build-mouse");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  expect(await pictureWidth(page, "Save Image")).toBe(64);
  await shot(page, "build-mouse-run");
  expect(complaints(page)).toEqual([]);
});
