import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axe, complaints, openPage, type Server, shot, startServer } from "./harness";

const PATIENCE = 40_000;

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const panel = (page: Page) => page.getByRole("complementary", { name: "Sweep" });

/** Open the panel and make a widget of the starter an axis, by the menu. */
async function addAxis(page: Page, node: RegExp, widget: string): Promise<void> {
  await panel(page).getByRole("button", { name: "Add an axis" }).click();
  await page.getByRole("menuitem", { name: node }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("menuitem", { name: widget, exact: true }).click();
}

async function twoByTwo(page: Page): Promise<void> {
  page.setDefaultTimeout(PATIENCE);
  await page.getByRole("button", { name: "Sweep", exact: true }).click();
  await addAxis(page, /^KSampler/, "Seed");
  await panel(page)
    .getByRole("textbox", { name: /^Values of Seed/ })
    .fill("1, 18446744073709551615");
  await addAxis(page, /^KSampler/, "Steps");
  await panel(page)
    .getByRole("textbox", { name: /^Values of Steps/ })
    .fill("1..2");
}

test("two seeds by two numbers of steps give four pictures, and the workflow stays as it was", async () => {
  const page = await openPage(server);
  await twoByTwo(page);
  await panel(page).getByText("4 runs.").waitFor();
  await shot(page, "sweep-axes");
  await panel(page).getByRole("button", { name: "Run the sweep" }).click();
  await expect.poll(() => panel(page).locator("td img").count(), { timeout: PATIENCE }).toBe(4);
  const addresses = await panel(page)
    .locator("td button img")
    .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).src));
  expect(new Set(addresses).size).toBe(4);
  await panel(page).getByRole("columnheader", { name: "18446744073709551615" }).waitFor();
  expect(await axe(page, "aside")).toEqual([]);

  await panel(page).getByRole("button", { name: "Compare large" }).click();
  const window = page.getByRole("dialog");
  await window.getByRole("button", { name: "Zoom in, all pictures" }).click();
  const transforms = await window
    .locator("td img")
    .evaluateAll((images) => images.map((image) => getComputedStyle(image).transform));
  expect(new Set(transforms).size).toBe(1);
  expect(transforms[0]).toContain("1.5");
  await window.getByRole("button", { name: /^Mark as one of the best: .*: 1, .*: 2$/ }).click();
  await shot(page, "sweep-large");
  expect(await axe(page, "[role=dialog]")).toEqual([]);

  const saved = page.waitForEvent("download");
  await window.getByRole("button", { name: "Save as one picture" }).click();
  const path = await (await saved).path();
  expect(readFileSync(path).subarray(1, 4).toString()).toBe("PNG");

  await window.getByRole("button", { name: /^Use these values: .*: 18446744073709551615, .*: 2$/ }).click();
  await page.keyboard.press("Escape");
  await page.getByText("18446744073709551615").first().waitFor();
  await page.keyboard.press("Control+z");
  expect(complaints(page)).toEqual([]);
  await page.reload();
  await expect.poll(() => panel(page).locator("td button img").count(), { timeout: PATIENCE }).toBe(4);
  await panel(page).getByRole("columnheader", { name: "18446744073709551615" }).waitFor();
});

test("values that cannot be read are told while they are typed", async () => {
  const page = await openPage(server, { theme: "light" });
  await twoByTwo(page);
  await panel(page)
    .getByRole("textbox", { name: /^Values of Steps/ })
    .fill("1..x");
  await panel(page).getByText("“1..x” cannot be read.").first().waitFor();
  expect(await panel(page).getByRole("button", { name: "Run the sweep" }).isDisabled()).toBe(true);
  await panel(page)
    .getByRole("textbox", { name: /^Values of Steps/ })
    .fill("1.5");
  await panel(page).getByText("“1.5” is not a whole number.").first().waitFor();
  await shot(page, "sweep-wrong-light");
});

test("a word of the prompt is replaced, and a sweep can be cancelled", async () => {
  const page = await openPage(server);
  page.setDefaultTimeout(PATIENCE);
  await page.getByRole("button", { name: "Sweep", exact: true }).click();
  await addAxis(page, /^Prompt/, "Prompt");
  await panel(page)
    .getByRole("textbox", { name: /^Values of Prompt/ })
    .fill("cat\ndog");
  await panel(page).getByText("“cat” is not in the text now").first().waitFor();
  await panel(page)
    .getByRole("textbox", { name: /^Values of Prompt/ })
    .fill("apple\nrocket\nhouse");
  await addAxis(page, /^KSampler/, "Steps");
  await panel(page)
    .getByRole("textbox", { name: /^Values of Steps/ })
    .fill("200, 300");
  await panel(page).getByRole("button", { name: "Run the sweep" }).click();
  await panel(page).getByText("0 of 6 done.").waitFor();
  await panel(page).getByRole("button", { name: "Cancel" }).click();
  await panel(page).getByRole("progressbar").waitFor({ state: "detached" });
  await expect
    .poll(async () => (await (await fetch(`${server.url}/queue`)).json()) as object, { timeout: PATIENCE })
    .toMatchObject({ queue_running: [], queue_pending: [] });
});

test("the axes are undone, and saved with the workflow", async () => {
  const page = await openPage(server);
  await twoByTwo(page);
  await page.getByRole("heading", { name: "Sweep" }).click();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect.poll(() => panel(page).getByRole("textbox").count()).toBe(1);
});

test("on a phone a sweep is set up, watched and compared with fingers", async () => {
  const page = await openPage(server, { width: 390, height: 844, touch: true });
  page.setDefaultTimeout(PATIENCE);
  await page.getByRole("button", { name: "Panels" }).tap();
  await page
    .getByRole("menuitem", { name: "Sweep" })
    .or(page.getByRole("menuitemcheckbox", { name: "Sweep" }))
    .tap();
  await page.getByRole("button", { name: "Add an axis" }).tap();
  await page.getByRole("menuitem", { name: /^KSampler/ }).tap();
  await page
    .getByRole("menuitemcheckbox", { name: "Steps" })
    .or(page.getByRole("menuitem", { name: "Steps" }))
    .tap();
  await page.getByRole("textbox", { name: /^Values of Steps/ }).fill("1, 2");
  await page.getByRole("button", { name: "Run the sweep" }).tap();
  await expect.poll(() => page.locator("td button img").count(), { timeout: PATIENCE }).toBe(2);
  await page.getByRole("button", { name: "Compare large" }).scrollIntoViewIfNeeded();
  await shot(page, "sweep-phone");
  await page.getByRole("button", { name: "Compare large" }).tap();
  await page.getByRole("dialog").locator("td button img").first().waitFor();
  await shot(page, "sweep-phone-large");
  expect(await axe(page, "[role=dialog]")).toEqual([]);
});
