import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axe, complaints, eventually, openPage, type Server, shot, startServer } from "./harness";

const STARTER = join(import.meta.dirname, "../../../workflows/text_to_image.json");
const PATIENCE = 40_000;

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

type Workflow = { extra?: object; nodes: { id: number; type: string; widgets_values?: unknown[] }[] };

/** Save a workflow of the user's: the starter in two steps, changed as wanted. */
function save(name: string, change: (workflow: Workflow) => void = () => undefined): void {
  const workflow = JSON.parse(readFileSync(STARTER, "utf8")) as Workflow;
  const sampler = workflow.nodes.find(({ type }) => type === "KSampler");
  if (sampler?.widgets_values) sampler.widgets_values[2] = 2;
  change(workflow);
  const path = join(server.base, "user", "default", "workflows", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(workflow));
}

async function openApp(
  name: string,
  options: Parameters<typeof openPage>[1] = {},
  values?: object,
): Promise<Page> {
  const query = new URLSearchParams({ app: name, ...(values && { v: JSON.stringify(values) }) });
  const page = await openPage(server, { ...options, path: `?${query}` });
  page.setDefaultTimeout(PATIENCE);
  return page;
}

const result = (page: Page) => page.getByRole("region", { name: "Results" }).getByRole("img").last();

test("a template is an app at once: filled in, run, and its picture downloaded", async () => {
  const page = await openApp("text_to_image");
  await page.getByRole("heading", { name: "Text to image" }).waitFor();
  await shot(page, "app-first");
  expect(await axe(page)).toEqual([]);
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("a green apple");
  await page.getByRole("slider", { name: "Steps" }).focus();
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await result(page).waitFor();
  await expect
    .poll(() => result(page).evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBe(64);
  await page.getByRole("link", { name: /^Download / }).waitFor();
  await shot(page, "app-run");
  expect(await axe(page)).toEqual([]);
  expect(complaints(page)).toEqual([]);
});

test("a link brings the values, seeds of 64 bits among them, and no code of the canvas is loaded", async () => {
  const values = '{"2.text":"a blue boat","5.seed":18446744073709551615,"5.steps":2}';
  const query = new URLSearchParams({ app: "text_to_image", v: values });
  const page = await openPage(server, { path: `?${query}`, theme: "light" });
  page.setDefaultTimeout(PATIENCE);
  await expect
    .poll(() => page.getByRole("textbox", { name: "Prompt", exact: true }).inputValue())
    .toBe("a blue boat");
  await page
    .getByText("18446744073709551615")
    .or(page.locator('[value="18446744073709551615"]'))
    .first()
    .waitFor();
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  expect(loaded.filter((name) => /canvas|xyflow|react-flow/i.test(name))).toEqual([]);
  await page.getByRole("button", { name: "Copy link to the app" }).click();
  await page.getByText("The link is on the clipboard").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(copied).searchParams.get("v")).toContain('"5.seed":18446744073709551615');
  await shot(page, "app-link-light");
});

test("what the author promoted is shown, in that order, with labels and limits", async () => {
  save("own.json", (workflow) => {
    workflow.extra = {
      linearData: {
        inputs: [
          [5, "steps"],
          [2, "text", { height: 90 }],
        ],
        outputs: [7],
      },
      latentloom: { app: { "5 steps": { label: "Care", min: 1, max: 4 } } },
    };
  });
  const page = await openApp("own.json");
  const slider = page.getByRole("slider", { name: "Care" });
  await slider.waitFor();
  expect(await slider.getAttribute("aria-valuemax")).toBe("4");
  expect(await page.getByRole("textbox").count()).toBe(1);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await result(page).waitFor();
});

test("a value that the server refuses is marked at its field", async () => {
  save("broken.json", (workflow) => {
    const loader = workflow.nodes.find(({ type }) => type === "CheckpointLoaderSimple");
    if (loader) loader.widgets_values = ["nothing.safetensors"];
    workflow.extra = { linearData: { inputs: [[loader?.id ?? 0, "ckpt_name"]], outputs: [] } };
  });
  const page = await openApp("broken.json");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.locator("[data-wrong]").waitFor();
  await shot(page, "app-wrong");
});

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

async function jobs(status: string): Promise<number> {
  const answer = await fetch(`${server.url}/api/jobs?status=${status}`);
  return ((await answer.json()) as { jobs: unknown[] }).jobs.length;
}

test("who waits is told how many are before him, and stops nothing but his own run", async () => {
  const first = await openApp("text_to_image", {}, { "5.steps": 2000 });
  await press(first, "Run");
  await expect.poll(() => jobs("in_progress"), { timeout: PATIENCE }).toBe(1);
  const second = await openApp("text_to_image", {}, { "5.steps": 2 });
  await press(second, "Run");
  await second.getByText("1 run before it").waitFor();
  await shot(second, "app-waiting");
  await press(second, "Stop");
  await second.getByRole("progressbar").waitFor({ state: "detached" });
  expect(await second.getByRole("alert").count()).toBe(0);
  expect([await jobs("in_progress"), await jobs("pending")]).toEqual([1, 0]);
  await press(first, "Stop");
  await expect.poll(() => jobs("in_progress"), { timeout: PATIENCE }).toBe(0);
  await first.getByRole("progressbar").waitFor({ state: "detached" });
});

test("results and the run that is under way are there again after a reload", async () => {
  const page = await openApp("text_to_image", {}, { "5.steps": 2 });
  await press(page, "Run");
  await result(page).waitFor();
  const picture = await result(page).getAttribute("src");
  await page.getByRole("spinbutton", { name: "Steps" }).click();
  await page.keyboard.type("60");
  await page.keyboard.press("Enter");
  await press(page, "Run");
  await page.getByRole("progressbar").waitFor();
  await page.reload();
  await page.getByRole("progressbar").waitFor();
  await page.getByRole("progressbar").waitFor({ state: "detached", timeout: PATIENCE });
  const earlier = page.getByRole("list", { name: "Earlier runs" }).getByRole("button");
  await expect.poll(() => earlier.count()).toBe(2);
  await earlier.last().click();
  await expect.poll(() => page.locator("figure img").getAttribute("src")).toBe(picture);
  await press(page, "Forget these results");
  await page.getByText("No results yet").waitFor();
});

test("fields go back to their first values, and examples fill them in", async () => {
  save("examples.json", (workflow) => {
    workflow.extra = { latentloom: { appExamples: [{ "2.text": "a yellow sun", "5.steps": 3 }] } };
  });
  const page = await openApp("examples.json", {}, { "5.steps": "none" });
  await page.getByText("values that do not fit this app; they were left out: Steps").waitFor();
  const prompt = page.getByRole("textbox", { name: "Prompt", exact: true });
  const before = await prompt.inputValue();
  await press(page, "a yellow sun");
  expect(await prompt.inputValue()).toBe("a yellow sun");
  expect(await page.getByRole("slider", { name: "Steps" }).getAttribute("aria-valuenow")).toBe("3");
  await shot(page, "app-examples");
  expect(await axe(page)).toEqual([]);
  await press(page, "Back to the first values");
  expect(await prompt.inputValue()).toBe(before);
});

test("a name that nobody knows says so", async () => {
  const page = await openApp("no-such-thing.json");
  await page.getByText("could not be opened").waitFor();
  await shot(page, "app-missing");
});

test("on a phone the form is filled in with fingers", async () => {
  const page = await openApp("text_to_image", { width: 390, height: 844, touch: true }, { "5.steps": 2 });
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("a rocket");
  await shot(page, "app-phone");
  await page.getByRole("button", { name: "Run", exact: true }).tap();
  await result(page).waitFor();
  await eventually(() => result(page).scrollIntoViewIfNeeded());
  await shot(page, "app-phone-result");
  expect(await axe(page)).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
});

test("in the editor inputs are chosen, named, ordered and taken back", async () => {
  const page = await openPage(server);
  page.setDefaultTimeout(PATIENCE);
  await page.getByRole("button", { name: "App", exact: true }).click();
  const panel = page.getByRole("complementary", { name: "App" });
  await panel.getByRole("button", { name: "Begin with these" }).click();
  const labels = panel.getByRole("region", { name: "Inputs" }).getByRole("textbox", { name: /^Label of/ });
  const first = await labels.first().getAttribute("placeholder");
  await panel
    .getByRole("button", { name: `Move ${first} down` })
    .first()
    .click();
  expect(await labels.nth(1).getAttribute("placeholder")).toBe(first);
  await labels.first().fill("What to draw");
  await shot(page, "app-panel");
  await panel.getByRole("button", { name: "Try the app here" }).click();
  await page.getByRole("dialog").getByText("What to draw").waitFor();
  await shot(page, "app-preview");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await panel.getByRole("button", { name: "Begin with these" }).waitFor();
  expect(await axe(page, "aside")).toEqual([]);
});
