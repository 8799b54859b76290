import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axe, complaints, openPage, type Server, shot, startServer } from "./harness";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

async function openEditor(options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  const page = await openPage(server, options);
  await page.locator("[data-node]").first().waitFor();
  return page;
}

const zoomOf = (page: Page) => page.locator("[data-canvas]").getAttribute("data-zoom").then(Number);

/** Time in ms after which a second tap is no double tap. */
const APART = 500;

/** The name of what has the focus. */
const named = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
  });

/** What a screen reader reads in a region, line by line, from the browser's own accessibility tree. */
async function heard(page: Page, region: string): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const lines: string[] = [];
  const walk = (id: string): void => {
    const node = byId.get(id);
    if (node?.role?.value === "StaticText") lines.push(String(node.name?.value));
    for (const child of node?.childIds ?? []) walk(child);
  };
  const found = nodes.find(({ role, name }) => role?.value === "region" && name?.value === region);
  if (found) walk(found.nodeId);
  return lines;
}

describe("a screen reader", () => {
  test("walks all nodes in running order at any zoom, and hears kind, state and every wire", async () => {
    const page = await openEditor();
    await page.keyboard.press("F6");
    await expect.poll(() => named(page)).toMatch(/^Load Checkpoint/);
    await page.keyboard.press("Control+m");
    const further = async () => {
      await page.keyboard.press("-");
      return zoomOf(page);
    };
    // The zoom is told when the view has come to rest.
    await expect.poll(further, { interval: 500 }).toBeLessThan(0.5);
    const lines = () => heard(page, "All that is on the canvas, in running order");
    await expect.poll(async () => (await lines()).length).toBe(14);
    const [first, wires, ...others] = await lines();
    expect(first).toBe("Load Checkpoint, muted");
    expect(wires).toContain("VAE goes to VAE Decode, vae");
    expect(others).toContain("Negative prompt, CLIP Text Encode (Prompt)");
    expect(others.at(-1)).toBe("images comes from VAE Decode, IMAGE");
    expect(complaints(page)).toEqual([]);
  });
});

describe("with the keyboard alone", () => {
  test("a wire is led round a point, which is moved and taken away, and the focus is never lost", async () => {
    const page = await openEditor();
    await page.keyboard.press("F6");
    await expect.poll(() => named(page)).toMatch(/^Load Checkpoint/);
    await page.keyboard.press("End");
    await expect.poll(() => named(page)).toMatch(/^Save Image/);
    await page.keyboard.press("c");
    await page.locator("[role=dialog] input:focus").waitFor();
    await page.keyboard.type("input images");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Connect images to" }).waitFor();
    await page.keyboard.type("reroute");
    await page.getByRole("option", { name: "Add reroute", selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => named(page)).toBe("Reroute, from VAE Decode to Save Image");
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: "Inspector" });
    const top = panel.getByRole("spinbutton", { name: "From the top" });
    const before = Number(await top.inputValue());
    await page.keyboard.press("F6");
    await page.keyboard.press("Alt+ArrowDown");
    await expect.poll(async () => Number(await top.inputValue())).toBe(before + 10);
    await shot(page, "reroute-by-keyboard");
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Delete");
    await expect.poll(() => named(page)).toMatch(/^(VAE Decode|Save Image)/);
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await expect.poll(() => named(page)).toBe("Canvas with the nodes of the workflow");
    expect(complaints(page)).toEqual([]);
  });

  test("a group is gone to, moved with what is in it, and renamed", async () => {
    const page = await openEditor();
    await page.keyboard.press("F6");
    await page.keyboard.press("Control+g");
    await page.keyboard.press("Shift+g");
    await expect.poll(() => named(page)).toBe("Group Group, items: 1");
    const node = page.locator('[data-id="1"]');
    const before = await node.boundingBox();
    await page.keyboard.press("Alt+Shift+ArrowDown");
    await expect.poll(async () => (await node.boundingBox())?.y).toBeGreaterThan((before?.y ?? 0) + 20);
    await page.keyboard.press("F2");
    await page.locator("input:focus").waitFor();
    await page.keyboard.type("Models");
    await page.keyboard.press("Enter");
    await expect.poll(() => named(page)).toBe("Group Models, items: 1");
  });

  test("a panel that is closed gives the focus to the button that opens it", async () => {
    const page = await openEditor();
    await page.getByRole("button", { name: "Gallery", exact: true }).click();
    await page.getByRole("button", { name: "Close Gallery" }).press("Enter");
    await expect.poll(() => named(page)).toBe("Gallery");
  });
});

test("at 100 % every control on the canvas is large enough, or far enough from the next", async () => {
  const page = await openEditor();
  await page.keyboard.press("1");
  await expect.poll(() => zoomOf(page)).toBe(1);
  expect(await axe(page, "[data-canvas]")).toEqual([]);
});

describe("on a phone", () => {
  const phone = { width: 390, height: 844, touch: true } as const;

  test("what is selected lies above the sheet, and what is written in above the keyboard of the screen", async () => {
    const page = await openEditor(phone);
    await page.getByRole("button", { name: "Panels" }).tap();
    await page.getByRole("menuitem", { name: "Inspector" }).tap();
    const sheet = page.getByRole("complementary", { name: "Inspector" });
    await sheet.locator("[data-record]").filter({ hasText: "Negative prompt" }).tap();
    const node = page.locator('[data-node][data-selected="true"]');
    const lower = async () => {
      const [box, room] = [await node.boundingBox(), await sheet.boundingBox()];
      return box && room ? room.y - box.y - box.height : Number.NaN;
    };
    await expect.poll(lower).toBeGreaterThan(0);
    expect((await node.boundingBox())?.y).toBeGreaterThan(48);
    await sheet.getByRole("textbox", { name: "text", exact: true }).tap();
    // What a keyboard of the screen does to the page: it takes 344 px of what is seen.
    await page.evaluate(() => {
      Object.defineProperty(visualViewport, "height", { get: () => 500 });
      visualViewport?.dispatchEvent(new Event("resize"));
    });
    const field = sheet.getByRole("textbox", { name: "text", exact: true });
    const bottom = async () => {
      const box = await field.boundingBox();
      return box ? box.y + box.height : Number.NaN;
    };
    await expect.poll(bottom).toBeLessThan(500);
    await shot(page, "phone-keyboard");
  });

  test("a long press offers what can be done with the node under the finger", async () => {
    const page = await openEditor(phone);
    await page.keyboard.press("F6");
    await expect.poll(() => named(page)).toMatch(/^Load Checkpoint/);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(APART);
    const box = await page.locator('[data-id="1"] header').boundingBox();
    if (!box) throw new Error("the node is not drawn");
    const session = await page.context().newCDPSession(page);
    const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
    await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
    await page.getByRole("menuitem", { name: "Mute" }).waitFor();
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.getByRole("menuitem", { name: "Mute" }).tap();
    await page.locator('[data-id="1"][aria-label*="muted"]').waitFor();
  });
});

test.each([
  [320, 640],
  [320, 256],
  [720, 450],
])(
  "at %i by %i pixels, as on a screen that is zoomed into, nothing runs out of the page",
  async (width, height) => {
    const page = await openEditor({ width, height });
    for (const [keys, name] of [
      ["?", "help"],
      ["Control+,", "settings"],
      ["n", "add"],
    ] as const) {
      await page.keyboard.press(keys);
      const box = await page.getByRole("dialog").boundingBox();
      expect(box?.x, name).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0), name).toBeLessThanOrEqual(width);
      expect(box?.y, name).toBeGreaterThanOrEqual(0);
      await shot(page, `reflow-${width}x${height}-${name}`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(complaints(page)).toEqual([]);
  },
);
