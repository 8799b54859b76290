/** How a user builds text to image: what is pressed, and what can be asked of the page afterwards. */

import { readFileSync } from "node:fs";
import type { Download, Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** Steps that take a second on a slow machine. */
export const STEPS = "4";

/** Open an empty workflow in a tab of its own. */
export async function emptyCanvas(page: Page): Promise<void> {
  await nodes(page).first().waitFor();
  await page.keyboard.press("Alt+n");
  await page.locator('[data-canvas][data-nodes="0"]').waitFor();
}

/** The nodes that are elements of the page. */
export const nodes = (page: Page): Locator => page.locator("[data-canvas] [data-node]");

/** The node of a kind's name that is drawn last. */
export const nodeNamed = (page: Page, title: string): Locator =>
  nodes(page)
    .filter({ has: page.getByText(title, { exact: true }) })
    .last();

/** Run something from the palette of commands. */
export async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  await page.keyboard.type(name);
  await page.getByRole("option", { name }).first().waitFor();
  await page.keyboard.press("Enter");
}

/** Return the workflow as it would be saved, byte for byte. */
export async function exported(page: Page): Promise<string> {
  const download: Promise<Download> = page.waitForEvent("download");
  await command(page, "Export as JSON");
  return readFileSync(await (await download).path(), "utf8");
}

/** Take back everything, then do everything again; the ends must be the same bytes as before. */
export async function undoAndRedoAll(page: Page): Promise<void> {
  const end = await exported(page);
  await pressUntilOff(page, "Control+z", /^Undo/);
  await expect.poll(() => page.locator("[data-canvas]").getAttribute("data-nodes")).toBe("0");
  const begin = JSON.parse(await exported(page));
  expect(begin.nodes).toEqual([]);
  expect(begin.links).toEqual([]);
  await pressUntilOff(page, "Control+Shift+z", /^Redo/);
  expect(await exported(page)).toBe(end);
}

async function pressUntilOff(page: Page, keys: string, name: RegExp): Promise<void> {
  const button = page.getByRole("button", { name });
  for (let press = 0; press < 200; press++) {
    if ((await button.getAttribute("aria-disabled")) === "true") return;
    await page.keyboard.press(keys);
  }
  throw new Error(`${keys} was never used up`);
}

/** Wait until a node shows a picture, and return its width in pixels. */
export async function pictureWidth(page: Page, title: string): Promise<number> {
  const picture = nodeNamed(page, title).locator("img").first();
  await picture.waitFor({ timeout: 90_000 });
  return picture.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return image.naturalWidth;
  });
}
