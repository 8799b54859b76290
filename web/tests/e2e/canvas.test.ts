/** The canvas in a real browser: mouse, keyboard and fingers on the starter workflow. */

import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { axe, complaints, dropFile, openPage, type Server, shot, startServer } from "./harness";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

let last: Page | undefined;
// What a test leaves open would slow down those after it; a page that failed is kept for its picture.
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") await last?.context().close();
});

type Options = Parameters<typeof openPage>[1];

/** Open the editor with the starter, and wait until its nodes can be used. */
async function open(options: Options = {}): Promise<Page> {
  const page = await openPage(server, { still: true, ...options });
  last = page;
  page.setDefaultTimeout(6_000);
  await page.locator("[data-canvas][data-nodes='7']").waitFor({ timeout: 20_000 });
  if (!options.touch) await expect.poll(() => page.locator("[data-id]").count()).toBe(7);
  return page;
}

const node = (page: Page, id: number | string): Locator => page.locator(`[data-id="${id}"]`);
const count = async (page: Page): Promise<number> =>
  Number(await page.locator("[data-canvas]").getAttribute("data-nodes"));
const selected = (page: Page) =>
  page.locator("[data-selected]").evaluateAll((all) => all.map((one) => one.getAttribute("data-id")));
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-id"));

async function boxOf(one: Locator) {
  const box = await one.boundingBox();
  if (!box) throw new Error("it is not on the page");
  return box;
}

/** Return where something of a node is in the window, from the corner of its title, in canvas pixels. */
async function at(page: Page, id: number, x: number, y: number): Promise<readonly [number, number]> {
  const box = await boxOf(node(page, id));
  const zoom = Number(await page.locator("[data-canvas]").getAttribute("data-zoom"));
  return [box.x + x * zoom, box.y + y * zoom];
}

/** Return the middle of the dot of a socket, by the text of its tooltip. */
async function dot(page: Page, id: number, title: string): Promise<readonly [number, number]> {
  const box = await boxOf(node(page, id).locator(`[title="${title}"]`));
  return [box.x + box.width / 2, box.y + box.height / 2];
}

async function drag(
  page: Page,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 4 });
  await page.mouse.move(...to, { steps: 4 });
  await page.mouse.up();
}

/** Return what the pointer says that it is over. */
async function over(page: Page, point: readonly [number, number]): Promise<string | null> {
  await page.mouse.move(point[0] + 1, point[1]);
  await page.mouse.move(...point);
  return page.locator("[data-stage]").getAttribute("data-cursor");
}

const middle = (a: readonly [number, number], b: readonly [number, number]) =>
  [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] as const;

describe("with the mouse", () => {
  test("a node is dragged, and undo puts it back", async () => {
    const page = await open();
    const before = await boxOf(node(page, 5));
    await drag(page, await at(page, 5, 120, 14), await at(page, 5, 190, 134));
    const after = await boxOf(node(page, 5));
    expect(after.x - before.x).toBeGreaterThan(30);
    expect(after.y - before.y).toBeGreaterThan(60);
    await page.keyboard.press("Control+z");
    await expect.poll(async () => (await boxOf(node(page, 5))).y).toBeCloseTo(before.y, 0);
    expect(complaints(page)).toEqual([]);
  });

  test("Escape gives up a drag", async () => {
    const page = await open();
    const before = await boxOf(node(page, 5));
    await page.mouse.move(...(await at(page, 5, 120, 14)));
    await page.mouse.down();
    await page.mouse.move(700, 700, { steps: 4 });
    await page.keyboard.press("Escape");
    await page.mouse.up();
    expect((await boxOf(node(page, 5))).y).toBeCloseTo(before.y, 0);
    expect(await page.getByRole("button", { name: "Undo" }).isDisabled()).toBe(true);
  });

  test("a wire is taken off, and joined again by dropping it on a node", async () => {
    const page = await open();
    const from = await dot(page, 5, "LATENT: LATENT");
    const to = await dot(page, 6, "samples: LATENT");
    expect(await over(page, middle(from, to))).toBe("wire");
    await drag(page, to, [to[0] - 20, to[1] + 300]);
    expect(await over(page, middle(from, to))).toBe("empty");
    await drag(page, from, await at(page, 6, 150, 60));
    expect(await over(page, middle(from, to))).toBe("wire");
    expect(complaints(page)).toEqual([]);
  });

  test("a wire shows what it fits, and does not join what does not", async () => {
    const page = await open();
    const from = await dot(page, 1, "MODEL: MODEL");
    const text = await dot(page, 2, "clip: CLIP");
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(...text, { steps: 5 });
    await shot(page, "canvas-wiring");
    expect(await page.locator("[data-stage][data-wiring]").count()).toBe(1);
    await page.mouse.up();
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Undo" }).isDisabled()).toBe(true);
  });

  test("a wire dropped on the empty canvas offers nodes, and the chosen one is joined to it", async () => {
    const page = await open();
    await drag(page, await dot(page, 6, "IMAGE: IMAGE"), [700, 760]);
    await page.getByRole("dialog", { name: "Add a node" }).waitFor();
    await page.keyboard.type("invert image");
    await page.getByRole("option", { selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => count(page)).toBe(8);
    const fresh = (await selected(page))[0];
    const to = await dot(page, Number(fresh), "image: IMAGE");
    await page.keyboard.press("[");
    await expect.poll(() => focused(page)).toBe("6");
    expect(to[0]).toBeGreaterThan(0);
    await page.keyboard.press("Control+z");
    await expect.poll(() => count(page)).toBe(7);
  });

  test("a rectangle selects what it touches, Delete takes it away, Undo brings it back", async () => {
    const page = await open();
    const first = await boxOf(node(page, 1));
    const last = await boxOf(node(page, 4));
    await page.keyboard.down("Control");
    await drag(page, [first.x - 20, first.y - 20], [last.x + 60, last.y + 40]);
    await page.keyboard.up("Control");
    expect((await selected(page)).sort()).toEqual(["1", "4"]);
    await page.getByRole("toolbar", { name: "Selection" }).waitFor();
    await page.keyboard.press("Delete");
    await expect.poll(() => count(page)).toBe(5);
    await page.keyboard.press("Control+z");
    await expect.poll(() => count(page)).toBe(7);
  });

  test("Alt and a drag make a copy", async () => {
    const page = await open();
    await page.keyboard.down("Alt");
    await drag(page, await at(page, 7, 150, 14), await at(page, 7, 150, 300));
    await page.keyboard.up("Alt");
    await expect.poll(() => count(page)).toBe(8);
  });

  test("the corner resizes a node, and a double click on the title renames it", async () => {
    const page = await open();
    const before = await boxOf(node(page, 5));
    const corner = [before.x + before.width - 4, before.y + before.height - 4] as const;
    await drag(page, corner, [corner[0] + 60, corner[1] + 40]);
    expect((await boxOf(node(page, 5))).width).toBeGreaterThan(before.width + 40);
    await page.mouse.dblclick(...(await at(page, 5, 120, 14)));
    await page.getByRole("textbox", { name: "Title" }).fill("Mine");
    await page.keyboard.press("Enter");
    await page.getByRole("group", { name: /^Mine, KSampler/ }).waitFor();
  });

  test("a double click on a wire leads it through a point, which can be dragged", async () => {
    const page = await open();
    const from = await dot(page, 5, "LATENT: LATENT");
    const point = middle(from, await dot(page, 6, "samples: LATENT"));
    await page.mouse.dblclick(...point);
    await expect.poll(() => over(page, point)).toBe("reroute");
    await drag(page, point, [point[0], point[1] + 90]);
    expect(await over(page, [point[0], point[1] + 90])).toBe("reroute");
    expect(await over(page, point)).toBe("empty");
  });

  test("the menu of a wire puts a node into it", async () => {
    const page = await open();
    const from = await dot(page, 5, "LATENT: LATENT");
    await page.mouse.click(...middle(from, await dot(page, 6, "samples: LATENT")));
    await page.getByRole("menuitem", { name: "Insert node…" }).click();
    await page.getByRole("dialog", { name: "Add a node" }).waitFor();
    await page.keyboard.type("repeat latent");
    await page.getByRole("option", { selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => count(page)).toBe(8);
    await page.keyboard.press("]");
    await expect.poll(() => focused(page)).toBe("6");
  });

  test("the wheel zooms about the pointer, and the full stop shows everything again", async () => {
    const page = await open();
    const zoom = () => page.locator("[data-canvas]").getAttribute("data-zoom");
    // It is told when the view has come to rest; at the start the whole workflow is fitted in.
    await expect.poll(zoom).not.toBe("1");
    const before = await zoom();
    await page.mouse.move(700, 500);
    for (let turn = 0; turn < 4; turn++) await page.mouse.wheel(0, 240);
    await expect.poll(zoom).not.toBe(before);
    await page.mouse.click(700, 100);
    await page.keyboard.press(".");
    await expect.poll(zoom).toBe(before);
    await page.keyboard.press("1");
    await expect.poll(zoom).toBe("1");
  });

  test("what is selected is muted, bypassed, collapsed and coloured from its menu", async () => {
    const page = await open();
    for (const [entry, name] of [
      ["Mute", /muted/],
      ["Bypass", /bypassed/],
      ["Collapse", /collapsed/],
    ] as const) {
      await page.mouse.click(...(await at(page, 7, 150, 14)), { button: "right" });
      await page.getByRole("menuitem", { name: entry }).click();
      await page.getByRole("group", { name }).waitFor();
    }
    await shot(page, "canvas-bypassed-collapsed");
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await page.getByRole("group", { name: /Save Image.*muted/ }).waitFor();
  });
});

describe("with the keyboard", () => {
  test("arrows go from node to node, Enter into its fields, Escape back", async () => {
    const page = await open();
    await page.keyboard.press("F6");
    await expect.poll(() => focused(page)).toBe("1");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => focused(page)).toBe("2");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
    await page.keyboard.type(", ripe");
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("2");
    expect(await node(page, 2).locator("textarea").inputValue()).toContain("ripe");
    await page.keyboard.press("]");
    await expect.poll(() => focused(page)).toBe("5");
  });

  test("Alt and arrows move a node", async () => {
    const page = await open();
    await node(page, 7).focus();
    await page.keyboard.press(" ");
    const before = await boxOf(node(page, 7));
    await page.keyboard.press("Alt+ArrowDown");
    await expect.poll(async () => (await boxOf(node(page, 7))).y).toBeGreaterThan(before.y);
    expect(await focused(page)).toBe("7");
  });

  test("sockets are joined from a list", async () => {
    const page = await open();
    const from = await dot(page, 1, "MODEL: MODEL");
    await drag(page, await dot(page, 5, "model: MODEL"), [760, 760]);
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await page.keyboard.press("F6");
    await page.keyboard.press("Home");
    await expect.poll(() => focused(page)).toBe("1");
    await page.keyboard.press("c");
    await page.getByRole("dialog", { name: "Connect Load Checkpoint" }).waitFor();
    await shot(page, "canvas-join");
    await page.keyboard.type("MODEL");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Connect MODEL to" }).waitFor();
    await page.keyboard.type("KSampler");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await over(page, middle(from, await dot(page, 2, "clip: CLIP")))).toBe("wire");
    expect(complaints(page)).toEqual([]);
  });

  test("Tab comes to one node and leaves the canvas with the next press", async () => {
    const page = await open();
    await node(page, 5).focus();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("[data-stage]"))).toBeNull();
    await page.keyboard.press("Shift+Tab");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.hasAttribute("data-node")))
      .toBe(true);
  });

  test("the menu key opens the menu of the node that the keyboard is on", async () => {
    const page = await open();
    await node(page, 3).focus();
    await page.keyboard.press("ContextMenu");
    await page.getByRole("menuitem", { name: "Rename" }).waitFor();
    await page.keyboard.press("Escape");
  });
});

describe("subgraphs and groups", () => {
  test("a subgraph is made, opened, left and unpacked", async () => {
    const page = await open();
    await node(page, 2).focus();
    await page.keyboard.press(" ");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Control+Shift+g");
    await expect.poll(() => count(page)).toBe(6);
    await page.getByRole("button", { name: "Open the subgraph" }).click();
    await expect.poll(() => count(page)).toBe(2);
    await page.getByRole("navigation", { name: "Where you are" }).waitFor();
    await shot(page, "canvas-subgraph");
    expect(await axe(page)).toEqual([]);
    await page.getByRole("navigation", { name: "Where you are" }).getByRole("button").first().click();
    await expect.poll(() => count(page)).toBe(6);
    await page.keyboard.press("Control+z");
    await expect.poll(() => count(page)).toBe(7);
    expect(complaints(page)).toEqual([]);
  });

  test("a group is made around nodes and moves with what is in it", async () => {
    const page = await open();
    await node(page, 7).focus();
    await page.keyboard.press(" ");
    await page.keyboard.press("Control+g");
    await page.keyboard.press("Escape");
    const before = await boxOf(node(page, 7));
    const title = [before.x + 60, before.y - 20] as const;
    await expect.poll(() => over(page, title)).toBe("group-title");
    await drag(page, title, [title[0] - 40, title[1] + 120]);
    expect((await boxOf(node(page, 7))).y - before.y).toBeGreaterThan(100);
  });
});

describe("with fingers", () => {
  const phone = { width: 390, height: 844, touch: true } as const;

  type Finger = { readonly x: number; readonly y: number; readonly id: number };
  async function fingers(page: Page) {
    const client = await page.context().newCDPSession(page);
    return (type: "touchStart" | "touchMove" | "touchEnd", points: readonly Finger[] = []) =>
      client.send("Input.dispatchTouchEvent", { type, touchPoints: [...points] });
  }
  const view = (page: Page) => page.locator(".react-flow__viewport").getAttribute("style");

  test("two fingers zoom, one moves the view, and every button is large enough", async () => {
    const page = await open(phone);
    await shot(page, "canvas-phone");
    const zoom = await page.locator("[data-canvas]").getAttribute("data-zoom");
    const touch = await fingers(page);
    const pair = (apart: number) => [
      { x: 200 - apart, y: 490, id: 0 },
      { x: 200 + apart, y: 490, id: 1 },
    ];
    await touch("touchStart", pair(40));
    for (let step = 1; step <= 8; step++) await touch("touchMove", pair(40 + step * 8));
    await touch("touchEnd");
    await expect.poll(() => page.locator("[data-canvas]").getAttribute("data-zoom")).not.toBe(zoom);
    const before = await view(page);
    await touch("touchStart", [{ x: 200, y: 490, id: 0 }]);
    for (let step = 1; step <= 8; step++) await touch("touchMove", [{ x: 200, y: 490 - step * 10, id: 0 }]);
    await touch("touchEnd");
    expect(await view(page)).not.toBe(before);
    for (const button of await page.getByRole("toolbar", { name: "View" }).getByRole("button").all()) {
      const { width, height } = await boxOf(button);
      expect(Math.round(Math.min(width, height))).toBeGreaterThanOrEqual(44);
    }
    expect(await axe(page)).toEqual([]);
    expect(complaints(page)).toEqual([]);
  });

  test("a tap selects, a second one opens what can be set, and a long press a menu that stays", async () => {
    const page = await open(phone);
    const first = await boxOf(node(page, 1));
    const middleOf = [first.x + first.width / 2, first.y + first.height / 2] as const;
    await page.touchscreen.tap(...middleOf);
    await page.getByRole("toolbar", { name: "Selection" }).waitFor();
    await page.touchscreen.tap(...middleOf);
    await page.getByRole("heading", { name: "Load Checkpoint" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Load Checkpoint" }).waitFor({ state: "hidden" });
    const touch = await fingers(page);
    await touch("touchStart", [{ x: 200, y: 490, id: 0 }]);
    await page.getByRole("menuitem", { name: "Add node" }).waitFor();
    await touch("touchEnd");
    await shot(page, "canvas-phone-menu");
    const menu = await boxOf(page.getByRole("menu"));
    expect(menu.x).toBeGreaterThanOrEqual(0);
    expect(menu.x + menu.width).toBeLessThanOrEqual(390);
    await page.getByRole("menuitem", { name: "Select all" }).click();
    await expect.poll(async () => (await selected(page)).length).toBeGreaterThan(0);
  });
});

test("a node of an unknown kind keeps its values and says what is missing", async () => {
  const page = await open();
  const workflow = {
    nodes: [
      {
        id: 1,
        type: "NoSuchKind",
        pos: [0, 0],
        size: [260, 120],
        inputs: [],
        outputs: [],
        widgets_values: ["kept"],
      },
    ],
    links: [],
    version: 0.4,
  };
  await dropFile(page, {
    name: "unknown.json",
    bytes: Buffer.from(JSON.stringify(workflow)),
    type: "application/json",
  });
  await page.getByText("Unknown kind: NoSuchKind").waitFor();
  await page.getByRole("group", { name: /NoSuchKind.*unknown kind/ }).waitFor();
  await shot(page, "canvas-unknown");
});

describe("axe finds nothing", () => {
  for (const theme of ["dark", "light"] as const) {
    test(`on the canvas with a selection, ${theme}`, async () => {
      const page = await open({ theme });
      await page.mouse.click(...(await at(page, 5, 120, 14)));
      await page.getByRole("toolbar", { name: "Selection" }).waitFor();
      await shot(page, `canvas-${theme}`);
      expect(await axe(page)).toEqual([]);
    });
  }
});
