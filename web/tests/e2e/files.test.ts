import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  axe,
  complaints,
  dropFile,
  eventually,
  openPage,
  openTab,
  type Server,
  shot,
  startServer,
} from "./harness";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const user = (...path: string[]) => join(server.base, "user", "default", ...path);
const workflow = (name: string) => user("workflows", `${name}.json`);
const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const EXAMPLE = join(dirname(dirname(dirname(dirname(new URL(import.meta.url).pathname)))), "workflows");

interface Saved {
  readonly nodes: readonly { readonly id: number; readonly pos: number[]; readonly type: string }[];
}
const nodeIn = (name: string, id: number) =>
  (json(workflow(name)) as Saved).nodes.find((one) => one.id === id);

async function ready(page: Page): Promise<Page> {
  page.setDefaultTimeout(8000);
  await page.locator("[data-node]").first().waitFor();
  return page;
}

/** Move a node of the sheet that is shown by 10 canvas pixels. */
async function nudge(page: Page, id = 1, times = 1): Promise<void> {
  await page.locator(`[data-node="node:root:${id}"]`).focus();
  await page.keyboard.press("Space");
  for (let time = 0; time < times; time++) await page.keyboard.press("Alt+ArrowRight");
  await page.keyboard.press("Space");
}

async function saveAs(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+Shift+S");
  const field = page.getByRole("textbox", { name: "Name", exact: true });
  await field.fill(name);
  await field.press("Enter");
  await eventually(() => expect(existsSync(workflow(name))).toBe(true));
  await field.waitFor({ state: "detached" });
}

const title = (page: Page) => page.locator("[data-tab][aria-current] > span").first().textContent();
const panel = (page: Page, name: string) => page.getByRole("complementary", { name });
async function openPanel(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).first().click();
  await panel(page, name).waitFor();
}

describe("saving", () => {
  it("saves under a name in a folder, and again without asking", async () => {
    const page = await ready(await openPage(server));
    await saveAs(page, "portraits/anna");
    expect(await title(page)).toBe("anna");
    const before = nodeIn("portraits/anna", 1)?.pos[0] ?? 0;
    await nudge(page);
    await page.keyboard.press("Control+s");
    await eventually(() => expect(nodeIn("portraits/anna", 1)?.pos[0]).toBe(before + 10));
    expect(readdirSync(user("versions", "workflows", "portraits", "anna.json"))).toHaveLength(1);
    expect(complaints(page)).toEqual([]);
    await page.close();
  });

  it("shows versions, compares one and brings it back as a step of undo", async () => {
    const page = await ready(await openPage(server, { path: "?workflow=portraits/anna.json" }));
    const now = nodeIn("portraits/anna", 1)?.pos[0] ?? 0;
    await fromPalette(page, "versions");
    const dialog = page.getByRole("dialog", { name: "Versions of portraits/anna" });
    await dialog.getByRole("button", { name: "Compare" }).click();
    await dialog.getByText("1 changed").waitFor();
    await shot(page, "files-versions");
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Restore" }).click();
    await page.getByText("is back").waitFor();
    await page.keyboard.press("Control+s");
    await eventually(() => expect(nodeIn("portraits/anna", 1)?.pos[0]).toBe(now - 10));
    await page.close();
  });

  it("asks before unsaved changes are closed, and brings back what was given up", async () => {
    const page = await ready(await openPage(server));
    await nudge(page);
    await page.keyboard.press("Alt+w");
    await page.getByRole("alertdialog").waitFor();
    await shot(page, "files-close");
    await page.getByRole("button", { name: "Close without saving" }).click();
    await page.getByRole("heading", { name: "No workflow is open" }).waitFor();
    await page.getByRole("button", { name: "Reopen" }).click();
    await ready(page);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Alt+w");
    await page.getByRole("heading", { name: "No workflow is open" }).waitFor();
    await page.close();
  });

  it("never overwrites what somebody else saved meanwhile, but merges it", async () => {
    const page = await ready(await openPage(server));
    await saveAs(page, "shared");
    const file = json(workflow("shared")) as Saved;
    const other = file.nodes.find(({ id }) => id === 5);
    if (!other) throw new Error("the starter has no node 5");
    other.pos[0] = 4321;
    writeFileSync(workflow("shared"), JSON.stringify(file));
    await nudge(page);
    await page.keyboard.press("Control+s");
    await eventually(() => expect(nodeIn("shared", 1)?.pos[0]).toBe(70));
    expect(nodeIn("shared", 5)?.pos[0]).toBe(4321);
    expect(complaints(page, [/^412 POST/])).toEqual([]);
    await page.close();
  });
});

describe("one file in two tabs", () => {
  it("warns in both, merges what either saves, and tells of what both changed", async () => {
    const one = await ready(await openPage(server));
    await saveAs(one, "twice");
    const two = await ready(await openTab(one.context(), server, "?workflow=twice.json"));
    await two.getByText("is open in another tab").waitFor();
    await shot(two, "files-two-tabs");
    await nudge(two, 3);
    await two.keyboard.press("Control+s");
    await eventually(() => expect(nodeIn("twice", 3)?.pos[0]).toBe(530));
    await nudge(one, 1);
    await one.keyboard.press("Control+s");
    await eventually(() => expect(nodeIn("twice", 1)?.pos[0]).toBe(70));
    expect(nodeIn("twice", 3)?.pos[0]).toBe(530);
    await sleep(500);
    await nudge(two, 6, 2);
    await nudge(one, 6, 1);
    await two.keyboard.press("Control+s");
    await one.getByRole("dialog", { name: /changed in two places/ }).waitFor();
    await shot(one, "files-conflict");
    expect(await axe(one)).toEqual([]);
    await one.getByRole("button", { name: "OK" }).click();
    await one.keyboard.press("Control+s");
    await eventually(() => expect(nodeIn("twice", 6)?.pos[0]).toBe(1450));
    expect(readdirSync(user("versions", "workflows", "twice.json")).length).toBeGreaterThanOrEqual(3);
    await one.context().close();
  });
});

describe("opening", () => {
  it("opens a dropped file of JSON of the canvas and of the API, a picture, and pasted text", async () => {
    const page = await ready(await openPage(server));
    await dropFile(page, join(EXAMPLE, "hires_fix.json"));
    await eventually(async () => expect(await title(page)).toBe("hires_fix"));
    const api = {
      "1": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "starter.safetensors" } },
    };
    const bytes = Buffer.from(JSON.stringify(api));
    await dropFile(page, { name: "api.json", bytes, type: "application/json" });
    await eventually(async () => expect(await title(page)).toBe("api"));
    await page.evaluate(
      (text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        document.body.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
        );
      },
      readFileSync(join(EXAMPLE, "inpaint.json"), "utf8"),
    );
    await eventually(async () => expect(await title(page)).toBe("Pasted"));
    // The picture that the example paints over is not on this server.
    expect(complaints(page, [/sketch_with_hole/])).toEqual([]);
    await page.close();
  });

  it("shows that a file may be dropped while one is over the page, and no longer when it is gone", async () => {
    const page = await ready(await openPage(server));
    const drag = (kind: string) =>
      page.evaluate((kind) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["{}"], "a.json"));
        document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
      }, kind);
    await drag("dragenter");
    await page.getByText("Drop to open").waitFor();
    await sleep(200);
    await shot(page, "files-drop");
    expect(await axe(page)).toEqual([]);
    await drag("dragleave");
    await page.getByText("Drop to open").waitFor({ state: "detached" });
    await page.close();
  });

  it("exports a picture of the graph that opens as the same workflow", async () => {
    const page = await ready(await openPage(server));
    const coming = page.waitForEvent("download");
    await fromPalette(page, "export picture");
    const picture = await (await coming).path();
    await dropFile(page, { name: "graph.png", bytes: readFileSync(picture), type: "image/png" });
    await eventually(async () => expect(await title(page)).toBe("graph"));
    await saveAs(page, "graph");
    expect(json(workflow("graph"))).toEqual(json(join(EXAMPLE, "text_to_image.json")));
    mkdirSync(join("screenshots"), { recursive: true });
    writeFileSync(join("screenshots", "files-graph.png"), readFileSync(picture));
    await page.close();
  });

  it("exports what runs, and a script", async () => {
    const page = await ready(await openPage(server));
    for (const [words, name, part] of [
      ["export api", "Text to image_api.json", '"class_type": "KSampler"'],
      ["export python", "Text to image.py", "KSampler"],
      ["export as json", "Text to image.json", '"nodes"'],
    ] as const) {
      const coming = page.waitForEvent("download");
      await fromPalette(page, words);
      const file = await coming;
      expect(file.suggestedFilename()).toBe(name);
      expect(readFileSync(await file.path(), "utf8")).toContain(part);
    }
    await page.close();
  });

  it("says what is wrong with files that hold no workflow", async () => {
    const page = await ready(await openPage(server));
    const drop = (name: string, content: string) => dropFile(page, { name, bytes: Buffer.from(content) });
    await drop("broken.json", "{oops");
    await page.getByText("broken.json is not JSON").waitFor();
    await drop("list.json", "[1, 2]");
    await page.getByText("list holds no workflow: it is a list").waitFor();
    await drop("future.json", '{"version": 7, "nodes": []}');
    await page.getByText("version 7 of the format").waitFor();
    await shot(page, "files-errors");
    await page.close();
  });

  it("opens a workflow with unknown kinds, names them with what is near, and saves it as it was", async () => {
    const page = await ready(await openPage(server));
    const content = json(join(EXAMPLE, "text_to_image.json"));
    content.nodes[4].type = "KSamplerr";
    content.nodes[4].properties = { cnr_id: "some-pack" };
    await dropFile(page, { name: "strange.json", bytes: Buffer.from(JSON.stringify(content)) });
    await page.getByText("Nodes of unknown kinds: 1").waitFor();
    await page.getByRole("button", { name: "Show which" }).click();
    await page.getByText("It comes from the pack some-pack. The nearest kind here is KSampler.").waitFor();
    await shot(page, "files-missing");
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await saveAs(page, "strange");
    expect(json(workflow("strange"))).toEqual(content);
    await page.close();
  });

  it("offers a picture without a workflow as a node, and puts one that is dropped on a node into it", async () => {
    const page = await ready(await openPage(server));
    await page.keyboard.press("Alt+n");
    await page.getByText("Double click to add a node").waitFor();
    await shot(page, "files-empty-sheet");
    expect(await axe(page)).toEqual([]);
    const bytes = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    );
    await dropFile(page, { name: "dot.png", bytes, type: "image/png" });
    await page.getByRole("button", { name: "Add as a node" }).click();
    await page.locator('[data-node="node:root:1"]').waitFor();
    await eventually(() => expect(existsSync(join(server.base, "input", "dot.png"))).toBe(true));
    await page.close();
  });

  it("makes a workflow of another tool's settings in a picture", async () => {
    const page = await ready(await openPage(server));
    const text =
      "a cat\nNegative prompt: dog\nSteps: 12, Sampler: DPM++ 2M Karras, CFG scale: 5, Seed: 9, Size: 64x96";
    await dropFile(page, { name: "other.png", bytes: pngWith("parameters", text), type: "image/png" });
    await page.getByText("one was made of the settings in it").waitFor();
    await saveAs(page, "other");
    const sampler = json(workflow("other")).nodes.find((one: { type: string }) => one.type === "KSampler");
    expect(sampler.widgets_values).toEqual([9, "fixed", 12, 5, "dpmpp_2m", "karras", 1]);
    await page.close();
  });
});

describe("panels", () => {
  it("lists, finds, bookmarks, renames, deletes and brings back workflows", async () => {
    mkdirSync(user("workflows", "deep", "er"), { recursive: true });
    writeFileSync(user("workflows", "deep", "er", "found.json"), readFileSync(join(EXAMPLE, "lists.json")));
    const page = await ready(await openPage(server));
    await nudge(page);
    await openPanel(page, "Workflows");
    const side = panel(page, "Workflows");
    await side.getByRole("button", { name: "deep", exact: true }).click();
    await side.getByRole("button", { name: "er", exact: true }).click();
    await shot(page, "files-panel");
    expect(await axe(page)).toEqual([]);
    await side.getByRole("button", { name: "found", exact: true }).focus();
    await page.keyboard.press("F2");
    await page.keyboard.type("deep/renamed");
    await page.keyboard.press("Enter");
    await eventually(() => expect(existsSync(workflow("deep/renamed"))).toBe(true));
    await side.getByRole("searchbox").fill("renam");
    const row = side.getByRole("button", { name: "deep/renamed", exact: true });
    await row.hover();
    await side.getByRole("button", { name: "Bookmark deep/renamed" }).click();
    await eventually(() =>
      expect(json(user("workflows", ".index.json"))).toEqual({ favorites: ["workflows/deep/renamed.json"] }),
    );
    await row.focus();
    await page.keyboard.press("Delete");
    await eventually(() => expect(existsSync(workflow("deep/renamed"))).toBe(false));
    await page.getByRole("button", { name: "Bring back" }).click();
    await eventually(() => expect(existsSync(workflow("deep/renamed"))).toBe(true));
    expect(complaints(page)).toEqual([]);
    await page.close();
  });

  it("opens templates by keyboard, also where nothing is open", async () => {
    const page = await ready(await openPage(server));
    await openPanel(page, "Templates");
    await page.getByRole("searchbox", { name: "Search templates" }).fill("inpaint latent");
    await page.getByRole("button", { name: "Open template Inpaint" }).focus();
    await page.keyboard.press("Enter");
    await eventually(async () => expect(await title(page)).toBe("Inpaint"));
    await page.keyboard.press("Alt+w");
    await page.keyboard.press("Alt+w");
    await page.getByRole("button", { name: "Open template Hires fix" }).last().click();
    await eventually(async () => expect(await title(page)).toBe("Hires fix"));
    await page.close();
  });

  for (const theme of ["dark", "light"] as const) {
    for (const size of [{}, { width: 390, height: 844, touch: true }]) {
      const where = "touch" in size ? "phone" : "desk";
      it(`is readable on a ${where}, ${theme}`, async () => {
        const page = await ready(await openPage(server, { theme, ...size }));
        await nudge(page);
        for (const name of ["templates", "workflows"]) {
          await fromPalette(page, name);
          await sleep(900);
          await shot(page, `files-${theme}-${where}-${name}`);
          expect(await axe(page)).toEqual([]);
        }
        await page.keyboard.press("Alt+w");
        await page.getByRole("button", { name: "Close without saving" }).click();
        await sleep(900);
        await shot(page, `files-${theme}-${where}-empty`);
        expect(await axe(page)).toEqual([]);
        await page.close();
      });
    }
  }
});

/** Use the first thing that the palette finds. */
async function fromPalette(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type(words);
  await sleep(200);
  await page.keyboard.press("Enter");
}

/** Return a picture of one pixel with a text in it. */
function pngWith(key: string, text: string): Buffer {
  const picture = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const data = Buffer.from(`${key}\0${text}`, "latin1");
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write("tEXt", 4, "latin1");
  const afterHeader = 8 + 25;
  // Nobody checks the checksum of a text.
  return Buffer.concat([
    picture.subarray(0, afterHeader),
    head,
    data,
    Buffer.alloc(4),
    picture.subarray(afterHeader),
  ]);
}
