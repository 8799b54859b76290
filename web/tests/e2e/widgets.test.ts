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
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
    await keepForms(page);
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
    const sent = await shadesOf(page, await keptPicture(page));
    expect(new Set(sent).size).toBeGreaterThan(3);
    expect([sent[32 * 64 + 32], sent[0]]).toEqual([0, 255]);
    const stored = readFileSync(join(server.base, "input", name.replace(" [input]", "")));
    expect(await shadesOf(page, stored)).toEqual(sent);
    // What is saved again of a mask is cut to whole shades.
    const taken = await shadesOf(page, await maskOf(name));
    expect(taken.filter((shade, at) => Math.abs(255 - shade - (sent[at] ?? 0)) > 1)).toEqual([]);
    expect(complaints(page)).toEqual([]);
    await page.close();
  });

  it("are painted with one finger; two move the picture and leave no dab", async () => {
    const query = new URLSearchParams({ app: "inpaint", v: JSON.stringify({ "4.image": "square.png" }) });
    const page = await openPage(server, { width: 390, height: 844, touch: true, path: `?${query}` });
    await page.getByRole("button", { name: "Mask", exact: true }).tap();
    const canvas = page.getByRole("application", { name: /Picture and mask/ });
    const box = await canvas.boundingBox();
    if (!box) throw new Error("the picture is not seen");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const undo = page.getByRole("button", { name: "Undo the stroke" });
    await touch(page, [
      [[x, y]],
      [
        [x, y],
        [x + 40, y],
      ],
      [
        [x - 30, y],
        [x + 70, y],
      ],
      [],
    ]);
    expect(await undo.isEnabled()).toBe(false);
    await touch(page, [[[x, y]], [[x + 20, y + 10]], []]);
    await expect.poll(() => undo.isEnabled()).toBe(true);
    await shot(page, "widgets-mask-phone");
    expect(await axe(page)).toEqual([]);
    await page.close();
  });
});

type Finger = readonly [x: number, y: number];

/** Move fingers over a page: each frame is where they all are; an empty last one lifts them. */
async function touch(page: Page, frames: readonly (readonly Finger[])[]): Promise<void> {
  const chrome = await page.context().newCDPSession(page);
  let before = 0;
  for (const fingers of frames) {
    const type =
      fingers.length === 0 ? "touchEnd" : fingers.length > before ? "touchStart" : ("touchMove" as const);
    before = fingers.length;
    const touchPoints = fingers.map(([x, y], id) => ({ x, y, id }));
    await chrome.send("Input.dispatchTouchEvent", { type, touchPoints });
  }
}

/** Run LoadImage into its mask as a picture; return that picture, whose alpha is the mask. */
async function maskOf(image: string): Promise<Buffer> {
  const prompt = {
    "1": { class_type: "LoadImage", inputs: { image } },
    "2": { class_type: "InvertMask", inputs: { mask: ["1", 1] } },
    "4": { class_type: "JoinImageWithAlpha", inputs: { image: ["1", 0], alpha: ["2", 0] } },
    "3": { class_type: "SaveImage", inputs: { images: ["4", 0], filename_prefix: "mask" } },
  };
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ prompt });
  const answer = await fetch(`${server.url}/prompt`, { method: "POST", headers, body });
  expect(await answer.text()).toContain('"node_errors": {}');
  const file = join(server.base, "output", "mask_00001_.png");
  await expect.poll(() => readable(file), { timeout: 60_000 }).toBe(true);
  return readFileSync(file);
}

type Keeping = typeof globalThis & { kept?: Blob };

/** Let a page keep the last picture that it puts into a form. */
const keepForms = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { append } = FormData.prototype;
    FormData.prototype.append = function (this: FormData, ...given: unknown[]) {
      const picture = given[1];
      if (picture instanceof Blob) (globalThis as Keeping).kept = picture;
      append.apply(this, given as Parameters<typeof append>);
    };
  });

/** Return the picture that a page kept. */
async function keptPicture(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const kept = (globalThis as Keeping).kept;
    return kept ? [...new Uint8Array(await kept.arrayBuffer())] : [];
  });
  return Buffer.from(bytes);
}

/** Return how opaque each pixel of a picture is, 0 to 255. */
function shadesOf(page: Page, picture: Buffer): Promise<number[]> {
  return page.evaluate(async (content) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const { data } = context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? { data: [] };
    return Array.from(data).filter((_, place) => place % 4 === 3);
  }, picture.toString("base64"));
}

function readable(path: string): boolean {
  try {
    return readFileSync(path).includes("IEND");
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
