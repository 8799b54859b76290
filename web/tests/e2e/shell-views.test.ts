import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axe, complaints, openPage, type Server, shot, startServer } from "./harness";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Time in which what comes up has come up, in ms: tokens' calm motion and a little more. */
const MOTION = 400;

async function openEditor(options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  const page = await openPage(server, options);
  page.setDefaultTimeout(8000);
  await page.locator("#canvas [data-stage]").waitFor();
  await page.waitForTimeout(MOTION);
  return page;
}

/** Look at what is shown now: nothing to object to, and a picture of it. */
async function look(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(MOTION);
  await shot(page, `shell-${name}`);
  expect(await axe(page), name).toEqual([]);
}

describe.each(["dark", "light"] as const)("in the %s theme", (theme) => {
  test("the opened editor and its windows can be used by everybody", async () => {
    const page = await openEditor({ theme });
    await look(page, `opened-${theme}`);
    for (const [keys, name] of [
      ["Control+k", "palette"],
      ["?", "help"],
      ["Control+,", "settings"],
      ["n", "nodes"],
    ] as const) {
      await page.keyboard.press(keys);
      await page.getByRole("dialog").waitFor();
      await look(page, `${name}-${theme}`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.getByRole("button", { name: "Menu", exact: true }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await look(page, `menu-${theme}`);
    expect(complaints(page)).toEqual([]);
  });

  test("every panel can be used by everybody", async () => {
    const page = await openEditor({ theme });
    for (const side of ["left", "right"]) {
      const rail = page.getByRole("navigation", { name: `Panels at the ${side}` });
      const names = await rail
        .getByRole("toolbar", { name: "Panels" })
        .getByRole("button")
        .evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-label") ?? ""));
      for (const name of names) {
        await rail.getByRole("button", { name, exact: true }).click();
        await page.getByRole("complementary", { name, exact: true }).waitFor();
        await look(page, `panel-${name.toLowerCase().replaceAll(" ", "-")}-${theme}`);
      }
    }
    expect(complaints(page)).toEqual([]);
  });
});

test("a workflow without nodes, and no workflow at all, can be used by everybody", async () => {
  const page = await openEditor();
  await page.keyboard.press("Alt+n");
  await page
    .getByRole("button", { name: "Unsaved workflow" })
    .waitFor()
    .catch(() => undefined);
  await look(page, "empty");
  await page.keyboard.press("Alt+w");
  await page.keyboard.press("Alt+w");
  await page.locator("#canvas [data-stage]").waitFor({ state: "detached" });
  await look(page, "none");
  expect(complaints(page)).toEqual([]);
});

describe.each([
  ["en-US", "dark"],
  ["zh-CN", "light"],
] as const)("on a phone, in %s and %s", (language, theme) => {
  test("the editor and its sheets can be used by everybody", async () => {
    const page = await openEditor({ width: 390, height: 844, touch: true, language, theme });
    await look(page, `phone-${language}`);
    const bar = page.getByRole("navigation").last();
    const buttons = await bar.getByRole("button").all();
    const open = async (place: number, name: string) => {
      await buttons.at(place)?.tap();
      await look(page, `phone-${name}-${language}`);
      await page.keyboard.press("Escape");
    };
    await open(0, "add");
    await open(1, "panels");
    await open(-2, "queue");
    await open(-1, "more");
    expect(complaints(page)).toEqual([]);
  });
});

test("the Chinese interface fits", async () => {
  const page = await openEditor({ language: "zh-CN" });
  await look(page, "opened-zh");
  await page.keyboard.press("Control+,");
  await page.getByRole("dialog").waitFor();
  await look(page, "settings-zh");
});
