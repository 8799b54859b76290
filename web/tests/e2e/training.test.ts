import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axe, complaints, openPage, type Server, shot, startServer } from "./harness";
import { putSquares, queue, trainingJob } from "./small-training";

let server: Server;
beforeAll(async () => {
  server = await startServer();
  putSquares(server);
});
afterAll(() => server.stop());

interface Told {
  readonly status: string;
}

async function ended(job: string): Promise<string> {
  for (;;) {
    const told = (await (await fetch(`${server.url}/api/jobs/${job}`)).json()) as Told;
    if (told.status !== "pending" && told.status !== "in_progress") return told.status;
    await new Promise((done) => setTimeout(done, 100));
  }
}

const panel = (page: Page) => page.getByRole("complementary", { name: "Training" });

/** Longest time that anything may take to appear, in milliseconds. */
const PATIENCE = 25_000;

async function openPanel(page: Page): Promise<void> {
  page.setDefaultTimeout(PATIENCE);
  await page.getByRole("button", { name: "Training", exact: true }).click();
}

/** Return the step that the card of the run tells. */
async function step(page: Page): Promise<number> {
  const told = await panel(page)
    .getByText(/^Step \d+ of \d+$/)
    .first()
    .textContent();
  return Number(/\d+/.exec(told ?? "")?.[0]);
}

test("without any run the panel explains itself and offers the template", async () => {
  const page = await openPage(server);
  await openPanel(page);
  await panel(page).getByText("Nothing has been trained yet").waitFor();
  await shot(page, "training-empty");
  expect(await axe(page, "aside")).toEqual([]);
});

test("a run is watched, paused, saved, looked at, and stopped with its weights kept", async () => {
  const page = await openPage(server);
  await openPanel(page);
  const job = await queue(server, trainingJob(4000, 5, 1));
  await panel(page)
    .getByText(/^Step \d+ of 4000$/)
    .waitFor();
  await panel(page).getByRole("button", { name: "Pause" }).click();
  await panel(page)
    .getByText(/^Paused after step/)
    .waitFor();
  const paused = await step(page);
  await new Promise((done) => setTimeout(done, 1500));
  expect(await step(page)).toBe(paused);

  await panel(page).getByRole("button", { name: "Save now" }).click();
  await panel(page)
    .getByRole("link", { name: new RegExp(`Step ${paused}, Weights as they are`) })
    .waitFor();
  await panel(page).getByRole("button", { name: "Go on" }).click();
  await panel(page)
    .getByRole("img", { name: /a red square, step \d+, Averaged weights/ })
    .waitFor();
  await panel(page)
    .getByRole("img", { name: /a red square, step \d+, Weights as they are/ })
    .waitFor();
  await panel(page).locator("canvas").waitFor();
  await expect.poll(() => step(page), { timeout: 30_000 }).toBeGreaterThan(paused);
  await shot(page, "training-running");

  await panel(page).getByRole("button", { name: "Stop" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Stop" }).click();
  await panel(page)
    .getByText(/Stopped early/)
    .waitFor();
  expect(await ended(job)).toBe("completed");
  expect(await axe(page, "aside")).toEqual([]);
  expect(complaints(page)).toEqual([]);
});

test("who comes later, or again, sees the whole curve and all pictures", async () => {
  expect(await ended(await queue(server, trainingJob(30, 10, 2)))).toBe("completed");
  const page = await openPage(server, { theme: "light" });
  await openPanel(page);
  await panel(page)
    .getByText(/: 30 steps, last/)
    .waitFor();
  await panel(page).getByRole("button", { name: "Step 10" }).click();
  await panel(page)
    .getByRole("img", { name: /a red square, step 10, Averaged/ })
    .waitFor();
  await panel(page).locator("canvas").waitFor();
  await shot(page, "training-past-light");
  await panel(page).getByRole("switch", { name: "Table" }).click();
  await panel(page).getByRole("rowheader", { name: "30", exact: true }).waitFor();
  expect(await axe(page, "aside")).toEqual([]);
});

test("the curve of another run is laid over it", async () => {
  const page = await openPage(server);
  await openPanel(page);
  await panel(page)
    .getByRole("button", { name: /^Compare with/ })
    .click();
  await page.getByRole("menuitemcheckbox").first().click();
  await page.keyboard.press("Escape");
  await expect.poll(() => panel(page).locator("figcaption b").count()).toBe(3);
  await shot(page, "training-compared");
});

test("on a phone everything is there, and large enough for fingers", async () => {
  const page = await openPage(server, { width: 390, height: 844, touch: true, language: "zh-CN" });
  page.setDefaultTimeout(PATIENCE);
  await page.getByRole("button", { name: "面板" }).tap();
  await page
    .getByRole("menuitemcheckbox", { name: "训练" })
    .or(page.getByRole("menuitem", { name: "训练" }))
    .tap();
  await page.getByText(/30 步，最后/).waitFor();
  await page.locator("canvas.u-over, .u-wrap canvas").first().waitFor();
  await shot(page, "training-phone-zh");
  expect(await axe(page)).toEqual([]);
});
