import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { STEPS } from "./building";
import { axe, complaints, openPage, type Server, shot, startServer } from "./harness";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const sheet = (page: Page): Locator => page.getByRole("complementary", { name: "Inspector" });
const button = (page: Page, name: string | RegExp): Locator => page.getByRole("button", { name }).first();

/** Choose where an input of the node in the sheet comes from, among what is there or new nodes. */
async function connect(page: Page, input: string, from: string): Promise<void> {
  await button(page, new RegExp(`^Connect ${input} from`)).tap();
  await page.getByPlaceholder("Search").last().fill(from);
  await page.getByRole("option", { name: from }).first().tap();
  await page.getByRole("option").first().waitFor({ state: "hidden" });
  // The view glides to what was added, and the focus with it.
  await page.waitForTimeout(400);
}

async function goTo(page: Page, title: string): Promise<void> {
  await button(page, new RegExp(`^Go to ${title}`)).tap();
  await page.waitForTimeout(400);
}

async function setNumber(page: Page, name: string, value: string): Promise<void> {
  const number = sheet(page).getByRole("spinbutton", { name, exact: true });
  await number.tap();
  await page.keyboard.press("Control+a");
  await page.keyboard.type(value);
  await page.keyboard.press("Enter");
  await expect.poll(() => number.textContent()).toBe(value);
}

test("text to image is built on a phone with a finger, run, and its picture looked at", async () => {
  const page = await openPage(server, { width: 390, height: 844, touch: true });
  await page.locator("[data-canvas]:not([data-nodes='0'])").waitFor();
  await button(page, "Text to image").tap();
  await page.getByRole("menuitem", { name: "New workflow" }).tap();
  await page.locator('[data-canvas][data-nodes="0"]').waitFor();
  await button(page, "Add").tap();
  await page.getByRole("dialog").getByRole("combobox").fill("SaveImage");
  await page.getByRole("option").first().tap();
  await button(page, "Panels").tap();
  await page.getByRole("menuitem", { name: "Inspector" }).tap();
  await connect(page, "images", "New: VAE Decode");
  await connect(page, "samples", "New: KSampler");
  await connect(page, "model", "New: Load Checkpoint");
  await goTo(page, "KSampler");
  for (const socket of ["positive", "negative"]) {
    await connect(page, socket, "New: CLIP Text Encode");
    await connect(page, "clip", "Load Checkpoint");
    await shot(page, `build-phone-${socket}`);
    await goTo(page, "KSampler");
  }
  await connect(page, "latent_image", "New: Empty Latent Image");
  await setNumber(page, "width", "64");
  await setNumber(page, "height", "64");
  await goTo(page, "KSampler");
  await setNumber(page, "steps", STEPS);
  await goTo(page, "VAE Decode");
  await connect(page, "vae", "Load Checkpoint");
  expect(await page.locator("[data-canvas]").getAttribute("data-nodes")).toBe("7");
  await page
    .getByRole("navigation", { name: "Actions" })
    .getByRole("button", { name: "Run", exact: true })
    .tap();
  await goTo(page, "Save Image");
  const picture = sheet(page).locator("img").first();
  await picture.waitFor({ timeout: 90_000 });
  await shot(page, "build-phone-run");
  expect(await axe(page)).toEqual([]);
  expect(complaints(page)).toEqual([]);
});
