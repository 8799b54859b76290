import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { complaints, openPage, openTab, type Server, startServer } from "./harness";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

async function openEditor(): Promise<Page> {
  const page = await openPage(server, {});
  await page.locator("#canvas [data-stage]").waitFor();
  return page;
}

const nodes = async (page: Page): Promise<number> =>
  Number(await page.locator("[data-canvas]").getAttribute("data-nodes"));

async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Search commands" }).waitFor();
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
}

describe("the clipboard", () => {
  test("copies nodes within a workflow, and undo takes them away", async () => {
    const page = await openEditor();
    const before = await nodes(page);
    await page.locator("[data-node]").first().focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+c");
    await page.keyboard.press("Control+v");
    await expect.poll(() => nodes(page)).toBe(2 * before);
    await page.keyboard.press("Control+z");
    await expect.poll(() => nodes(page)).toBe(before);
    await page.keyboard.press("Control+y");
    await expect.poll(() => nodes(page)).toBe(2 * before);
    expect(complaints(page)).toEqual([]);
  });

  test("carries nodes to another tab of the browser", async () => {
    const page = await openEditor();
    const before = await nodes(page);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator("[data-node]").first().focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+c");
    const other = await openTab(page.context(), server, "?workflow=text_to_image");
    await other.locator("#canvas [data-stage]").waitFor();
    await other.locator("[data-node]").first().focus();
    await other.keyboard.press("Control+v");
    await expect.poll(() => nodes(other)).toBe(2 * before);
  });

  test("cuts what is selected, and pastes it with its wires", async () => {
    const page = await openEditor();
    const before = await nodes(page);
    await page.locator("[data-node]", { hasText: "KSampler" }).first().focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Control+x");
    await expect.poll(() => nodes(page)).toBe(before - 1);
    await page.keyboard.press("Control+Shift+v");
    await expect.poll(() => nodes(page)).toBe(before);
  });
});

test("arranging moves the nodes, beside the page, under the server's rules for what pages may load", async () => {
  const page = await openEditor();
  const places = () =>
    page.locator("[data-node]").evaluateAll((all) => all.map((one) => one.getAttribute("style")).join());
  const before = await places();
  await command(page, "Arrange");
  await expect.poll(places, { timeout: 15_000 }).not.toBe(before);
  expect(complaints(page)).toEqual([]);
});

test("notes are found and added like other nodes", async () => {
  const page = await openEditor();
  const before = await nodes(page);
  await page.locator("[data-node]").first().focus();
  await page.keyboard.press("n");
  await page.getByRole("dialog", { name: "Add a node" }).waitFor();
  await page.keyboard.type("markdown note");
  await page.keyboard.press("Enter");
  await expect.poll(() => nodes(page)).toBe(before + 1);
  await page.getByRole("group", { name: /^Markdown Note/ }).waitFor();
  expect(complaints(page)).toEqual([]);
});
