import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { complaints, forgive, openPage, type Server, startServer } from "./harness";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Open the editor and wait until it shows the starter. */
async function openEditor(options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  const page = await openPage(server, options);
  page.setDefaultTimeout(8000);
  await page.locator("#canvas [data-stage]").waitFor();
  return page;
}

const named = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
  });

const tabs = (page: Page) => page.getByRole("navigation", { name: "Open workflows" }).locator("[data-tab]");

describe("the keyboard", () => {
  test("reaches Run and a node within the first twelve Tab stops", async () => {
    const page = await openEditor();
    const stops: string[] = [];
    for (let count = 0; count < 12; count++) {
      await page.keyboard.press("Tab");
      stops.push(await named(page));
    }
    expect(stops[0]).toBe("Skip to the canvas");
    expect(stops.slice(0, 8)).toContain("Run");
    expect(stops.some((stop) => stop.startsWith("Load Checkpoint"))).toBe(true);
    expect(complaints(page)).toEqual([]);
  });

  test("skips to the canvas with the first stop", async () => {
    const page = await openEditor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("canvas");
    await page.locator("[data-node]").first().waitFor();
    await page.keyboard.press("Tab");
    await expect.poll(() => named(page)).toMatch(/^Load Checkpoint/);
  });

  test("opens every window, and Escape gives the focus back", async () => {
    const page = await openEditor();
    await page.getByRole("button", { name: "Share" }).focus();
    for (const [keys, name] of [
      ["Control+k", "Search commands"],
      ["?", "Keys and gestures"],
      ["Control+,", "Settings"],
      ["n", "Add a node"],
    ] as const) {
      await page.keyboard.press(keys);
      await page.getByRole("dialog", { name }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name }).waitFor({ state: "detached" });
      await expect.poll(() => named(page), { message: name }).toBe("Share");
    }
  });
});

test("a node is found by typing, added where the canvas was pressed twice, selected, and taken back", async () => {
  const page = await openEditor();
  const nodes = () => page.locator("[data-canvas]").getAttribute("data-nodes");
  await expect.poll(nodes).toBe("7");
  await page.mouse.dblclick(700, 160);
  const window = page.getByRole("dialog", { name: "Add a node" });
  await window.waitFor();
  await page.keyboard.type("upscale image by");
  await window.getByRole("option", { selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await window.waitFor({ state: "detached" });
  await expect.poll(nodes).toBe("8");
  await expect.poll(() => named(page)).toMatch(/^Upscale Image/);
  await page.keyboard.press("Control+z");
  await expect.poll(nodes).toBe("7");
  expect(complaints(page)).toEqual([]);
});

test("the palette for nodes filters by type, and keeps favourites", async () => {
  const page = await openEditor();
  await page.keyboard.press("n");
  const window = page.getByRole("dialog", { name: "Add a node" });
  await window.getByRole("button", { name: "Takes" }).click();
  await page.getByRole("menuitem", { name: "MASK", exact: true }).click();
  await page.getByPlaceholder("Search nodes").fill("invert");
  await expect.poll(() => window.getByRole("option").allInnerTexts()).toHaveLength(1);
  await page.keyboard.press("Control+d");
  await window.getByRole("button", { name: "Favourite", pressed: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await window.getByText("Favourites").waitFor();
  expect(await window.getByRole("option").first().textContent()).toMatch(/invert/i);
});

test("the palette goes to a node and runs commands", async () => {
  const page = await openEditor();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Search commands" }).waitFor();
  await page.keyboard.type("save image");
  await page.getByRole("option", { name: /Save Image/ }).click();
  await expect.poll(() => named(page)).toMatch(/^Save Image/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("dark and light");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe("light");
  await page.getByRole("button", { name: "Switch to dark" }).click();
});

describe("settings", () => {
  test("change theme and language at once, and are there in the next page", async () => {
    const page = await openEditor();
    await page.getByRole("button", { name: "Switch to light" }).click();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe("light");
    await page.getByRole("button", { name: "Language" }).click();
    await page.getByRole("menuitemcheckbox", { name: "中文" }).click();
    await page.getByRole("button", { name: "设置" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("zh-CN");
    const other = await openPage(server);
    await other.getByRole("button", { name: "设置" }).waitFor();
    await expect.poll(() => other.evaluate(() => document.documentElement.dataset.theme)).toBe("light");
    await other.getByRole("button", { name: "设置" }).click();
    await other.getByRole("button", { name: "全部重置" }).click();
    await other.getByRole("alertdialog").getByRole("button", { name: "重置" }).click();
    await other.getByRole("dialog", { name: "Settings" }).waitFor();
    expect(complaints(page)).toEqual([]);
  });

  test("are found by typing", async () => {
    const page = await openEditor();
    await page.keyboard.press("Control+,");
    await page.getByPlaceholder("Search settings").fill("wheel");
    expect(await page.getByRole("combobox").count()).toBe(1);
    await page.getByRole("combobox", { name: "The wheel over the canvas" }).click();
    await page.getByRole("option", { name: "Moves the view" }).click();
    await page.getByPlaceholder("Search settings").fill("no such thing");
    await page.getByText("Nothing found").waitFor();
  });
});

describe("panels", () => {
  test("open at their side, are made wider, and are as they were in the next page", async () => {
    const page = await openEditor();
    await page.getByRole("button", { name: "Workflows", exact: true }).click();
    const panel = page.getByRole("complementary", { name: "Workflows" });
    const edge = panel.getByRole("separator");
    const width = async () => (await panel.boundingBox())?.width ?? 0;
    const first = await width();
    const box = await edge.boundingBox();
    if (!box) throw new Error("the panel has no edge");
    await page.mouse.move(box.x + 4, 400);
    await page.mouse.down();
    await page.mouse.move(box.x + 84, 400, { steps: 4 });
    await page.mouse.up();
    expect(await width()).toBe(first + 80);
    await edge.focus();
    await page.keyboard.press("ArrowRight");
    expect(await width()).toBe(first + 96);
    await page.reload();
    await panel.waitFor();
    expect(await width()).toBe(first + 96);
    await panel.getByRole("button", { name: "Close Workflows" }).click();
    await panel.waitFor({ state: "detached" });
  });
});

describe("tabs", () => {
  test("are added, renamed, moved and closed", async () => {
    const page = await openEditor();
    await page.getByRole("button", { name: "New workflow" }).click();
    await expect.poll(() => tabs(page).count()).toBe(2);
    await tabs(page).nth(1).dblclick();
    await page.getByRole("textbox", { name: "Name of the workflow" }).fill("Portrait");
    await page.keyboard.press("Enter");
    await expect.poll(() => tabs(page).allInnerTexts()).toEqual(["Text to image", "Portrait"]);
    expect(await page.title()).toBe("Portrait - Latentloom");
    const from = await tabs(page).nth(1).boundingBox();
    if (!from) throw new Error("the tab is not drawn");
    await page.mouse.move(from.x + 20, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(100, from.y + 10, { steps: 6 });
    await page.mouse.up();
    await expect.poll(() => tabs(page).allInnerTexts()).toEqual(["Portrait", "Text to image"]);
    await tabs(page).nth(0).click({ button: "middle" });
    await expect.poll(() => tabs(page).allInnerTexts()).toEqual(["Text to image"]);
  });
});

describe("the server", () => {
  test("is waited for where it goes away, and edits go on", async () => {
    const other = await startServer();
    const page = await openPage(other);
    await page.locator("#canvas [data-stage]").waitFor();
    await other.kill("SIGKILL");
    await page.getByText("The server does not answer.").waitFor();
    await other.restart();
    await page.getByText("The server does not answer.").waitFor({ state: "detached", timeout: 30_000 });
    forgive(page);
    await other.stop();
  });
});

describe("on a phone", () => {
  const phone = { width: 390, height: 844, touch: true } as const;

  test("everything that is pressed is large enough, and the page can be zoomed", async () => {
    const page = await openEditor(phone);
    const bar = page.getByRole("navigation", { name: "Actions" });
    const buttons = await bar.getByRole("button").all();
    expect(buttons.length).toBeGreaterThanOrEqual(5);
    for (const button of [...buttons, ...(await page.getByRole("banner").getByRole("button").all())]) {
      const box = await button.boundingBox();
      expect(box?.height ?? 0, (await button.textContent()) ?? "").toBeGreaterThanOrEqual(44);
    }
    const viewport = await page.locator('meta[name="viewport"]').getAttribute("content");
    expect(viewport).not.toMatch(/user-scalable|maximum-scale/);
  });

  test("panels are sheets: half, full, and closed by dragging down", async () => {
    const page = await openEditor(phone);
    await page.getByRole("button", { name: "Queue" }).tap();
    const sheet = page.getByRole("complementary", { name: "Queue" });
    await sheet.waitFor();
    const height = async () => (await sheet.boundingBox())?.height ?? 0;
    await expect.poll(height).toBeCloseTo(0.52 * 844, -1);
    await sheet.getByRole("button", { name: "Height of Queue" }).tap();
    await expect.poll(height).toBeGreaterThan(700);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
  });
});
