/** Widgets and the inspector in a real browser against a real server. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axe, complaints, openPage, type Server, shot, startServer } from "./harness";
import { picture } from "./picture";

let server: Server;

beforeAll(async () => {
  server = await startServer();
  await upload(picture(64, 64, [200, 60, 40]), "square.png");
});

afterAll(() => server.stop());

async function upload(bytes: Uint8Array, name: string): Promise<void> {
  const form = new FormData();
  form.append("image", new Blob([bytes as BlobPart], { type: "image/png" }), name);
  const answer = await fetch(`${server.url}/upload/image`, { method: "POST", body: form });
  expect(answer.ok).toBe(true);
}

/** Open the starter workflow with the inspector at its side. */
async function openInspector(options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  const page = await openPage(server, options);
  await page.waitForSelector("[data-canvas][data-nodes='7']");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill("inspector");
  await page.getByRole("option", { name: "Inspector" }).first().click();
  await page.getByRole("button", { name: "Add node" }).waitFor();
  return page;
}

const entry = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: false }).and(page.locator("[data-record]"));

const inspector = (page: Page) => page.getByRole("complementary", { name: "Inspector" });

/** The number of a widget on the sheet of the inspector. */
const number = (page: Page, name: string) => inspector(page).getByRole("spinbutton", { name });

async function undo(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Undo" }).first().click();
}

describe("numbers", () => {
  it("are dragged, stepped, and typed as sums, each as one step of undo", async () => {
    const page = await openInspector();
    await entry(page, "KSampler").click();
    const steps = number(page, "steps");
    const box = await steps.boundingBox();
    if (!box) throw new Error("the number is not seen");
    await page.mouse.move(box.x + 40, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 100, box.y + 10, { steps: 8 });
    await page.mouse.up();
    expect(await steps.textContent()).toBe("30");
    await undo(page);
    expect(await steps.textContent()).toBe("20");
    await steps.click();
    await page.keyboard.type("4*4");
    await page.keyboard.press("Enter");
    expect(await steps.textContent()).toBe("16");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    expect(await steps.textContent()).toBe("18");
    await undo(page);
    expect(await steps.textContent()).toBe("16");
    expect(complaints(page)).toEqual([]);
    await page.close();
  });

  it("keep all digits of a seed of 64 bits, from the field into the file", async () => {
    const page = await openInspector();
    await entry(page, "KSampler").click();
    const seed = number(page, "seed");
    await seed.click();
    await page.keyboard.type("18446744073709551615");
    await page.keyboard.press("Enter");
    expect(await seed.textContent()).toBe("18446744073709551615");
    await page.keyboard.press("ArrowDown");
    expect(await seed.textContent()).toBe("18446744073709551614");
    await expect.poll(() => draftsHold(page, "18446744073709551614"), { timeout: 10_000 }).toBe(true);
    await page.close();
  });

  it("take the wheel only while they have the focus", async () => {
    const page = await openInspector();
    await entry(page, "KSampler").click();
    const steps = number(page, "steps");
    await steps.hover();
    await page.mouse.wheel(0, -100);
    expect(await steps.textContent()).toBe("20");
    await steps.focus();
    await page.mouse.wheel(0, -100);
    await expect.poll(() => steps.textContent()).toBe("21");
    await page.close();
  });
});

/** Whether a draft on the server has a text in it. */
async function draftsHold(page: Page, part: string): Promise<boolean> {
  return page.evaluate(async (wanted) => {
    const list = await (await fetch("./api/userdata?dir=drafts&recurse=true")).json();
    const texts = await Promise.all(
      (list as string[]).map(async (name) =>
        (await fetch(`./api/userdata/${encodeURIComponent(`drafts/${name}`)}`)).text(),
      ),
    );
    return texts.some((text) => text.includes(wanted));
  }, part);
}

describe("texts", () => {
  it("change weights with Ctrl and the arrows, and undo typing as one step", async () => {
    const page = await openInspector();
    await entry(page, "Prompt").first().click();
    const prompt = page
      .getByRole("complementary", { name: "Inspector" })
      .getByRole("textbox", { name: "text" });
    await prompt.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("a green pear");
    await page.keyboard.press("Control+ArrowUp");
    expect(await prompt.inputValue()).toBe("a green (pear:1.05)");
    await page.keyboard.press("Control+ArrowUp");
    expect(await prompt.inputValue()).toBe("a green (pear:1.1)");
    await undo(page);
    expect(await prompt.inputValue()).toBe("a red apple");
    await page.close();
  });
});

describe("choices", () => {
  it("are found by typing, and give the focus back", async () => {
    const page = await openInspector();
    await entry(page, "KSampler").click();
    const sampler = page
      .locator("aside, [role=complementary]")
      .getByRole("button", { name: /^sampler_name/ });
    await sampler.click();
    await page.getByPlaceholder("Search").waitFor();
    expect(await axe(page)).toEqual([]);
    await shot(page, "widgets-choice");
    await page.keyboard.type("heun");
    await page.keyboard.press("Enter");
    expect(await sampler.textContent()).toBe("heun");
    await expect.poll(() => sampler.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.close();
  });
});

describe("masks", () => {
  it("that are painted are what a run takes", async () => {
    const page = await openInspector();
    await page.getByRole("button", { name: "Add node" }).click();
    await page.getByRole("dialog").getByRole("combobox").fill("LoadImage");
    await page
      .getByRole("option", { name: /Load Image/ })
      .first()
      .click();
    const sheet = inspector(page);
    await sheet
      .getByRole("button", { name: /^image/ })
      .first()
      .waitFor();
    await sheet.getByRole("button", { name: "Mask", exact: true }).click();
    const canvas = page.getByRole("application", { name: /Picture and mask/ });
    const box = await canvas.boundingBox();
    if (!box) throw new Error("the picture is not seen");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 4, y, { steps: 2 });
    await page.mouse.up();
    await shot(page, "widgets-mask");
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Use this mask" }).click();
    await expect
      .poll(() =>
        sheet
          .getByRole("button", { name: /^image/ })
          .first()
          .textContent(),
      )
      .toMatch(/^clipspace\/clipspace-mask-\d+\.png \[input\]$/);
    const name =
      (await sheet
        .getByRole("button", { name: /^image/ })
        .first()
        .textContent()) ?? "";
    const shades = await maskOf(name);
    expect(shades.middle).toBeGreaterThan(250);
    expect(shades.corner).toBe(0);
    expect(complaints(page)).toEqual([]);
    await page.close();
  });
});

/** Run LoadImage into its mask as a picture; return the shades of its middle and of its corner. */
async function maskOf(image: string): Promise<{ middle: number; corner: number }> {
  const prompt = {
    "1": { class_type: "LoadImage", inputs: { image } },
    "2": { class_type: "MaskToImage", inputs: { mask: ["1", 1] } },
    "3": { class_type: "SaveImage", inputs: { images: ["2", 0], filename_prefix: "mask" } },
  };
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ prompt });
  const answer = await fetch(`${server.url}/prompt`, { method: "POST", headers, body });
  expect(await answer.text()).toContain('"node_errors": {}');
  const file = join(server.base, "output", "mask_00001_.png");
  await expect.poll(() => readable(file), { timeout: 60_000 }).toBe(true);
  const page = await openPage(server);
  const shades = await page.evaluate(async () => {
    const bitmap = await createImageBitmap(await (await fetch("./api/view?filename=mask_00001_.png")).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const at = (x: number, y: number) => context?.getImageData(x, y, 1, 1).data[0] ?? -1;
    return { middle: at(bitmap.width / 2, bitmap.height / 2), corner: at(1, 1) };
  });
  await page.close();
  return shades;
}

function readable(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}

describe("the inspector", () => {
  it.each([
    { name: "desktop", width: 1440, height: 900, touch: false },
    { name: "phone", width: 390, height: 844, touch: true },
  ])("is without fault on a $name, dark and light", async ({ name, width, height, touch }) => {
    for (const theme of ["dark", "light"] as const) {
      const page = await openInspector({ width, height, touch, theme });
      await shot(page, `widgets-outline-${name}-${theme}`);
      expect(await axe(page)).toEqual([]);
      await entry(page, "KSampler").click();
      await page.getByRole("heading", { name: "KSampler" }).waitFor();
      await inspector(page).getByRole("button", { name: "Show", exact: true }).click();
      await page.getByRole("heading", { name: "Outputs" }).last().waitFor();
      await shot(page, `widgets-node-${name}-${theme}`);
      expect(await axe(page)).toEqual([]);
      expect(complaints(page)).toEqual([]);
      await page.close();
    }
  });
});
