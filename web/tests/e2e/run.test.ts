import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axe, complaints, dropFile, forgive, openPage, type Server, shot, startServer } from "./harness";
import { WEB } from "./server";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test("one press runs a workflow: progress, a live preview, the result on the node, in queue and gallery", async () => {
  const page = await openPage(server);
  await page.getByRole("button", { name: "Run", exact: true }).waitFor();
  await dropFile(page, { name: "watched.json", bytes: new TextEncoder().encode(slowWorkflow()) });
  await page.locator("[data-tab][aria-current]", { hasText: "watched" }).waitFor();
  await page.keyboard.press("q");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("region", { name: "Running", exact: true }).waitFor();
  await page.locator('[aria-label="Queue"] img[alt^="Preview"]').waitFor();
  await shot(page, "run-sampling");
  await page.getByRole("region", { name: "History" }).getByText("Done").first().waitFor();
  await shot(page, "run-done");
  expect(await axe(page, '[aria-label="Queue"]')).toEqual([]);
  await page.keyboard.press("g");
  await page.locator('[aria-label="Gallery"] li button').first().click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("i");
  await page.getByRole("dialog").getByText("Sampler").waitFor();
  await shot(page, "run-viewer");
  expect(await axe(page, "[role=dialog]")).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("t");
  await page.getByRole("table").waitFor();
  await shot(page, "run-profiler");
  expect(await axe(page, '[aria-label="Profiler"]')).toEqual([]);
  expect(complaints(page)).toEqual([]);
});

test("a server that is killed during a run goes on with it; the page misses nothing and keeps its edits", async () => {
  const page = await openPage(server);
  await page.locator("[data-node]").first().waitFor();
  // A second try of this test must not take the first one's entry for its own.
  const name = `slow ${Date.now()}`;
  await dropFile(page, { name: `${name}.json`, bytes: new TextEncoder().encode(slowWorkflow()) });
  await page.locator("[data-tab][aria-current]", { hasText: name }).waitFor();
  await page.keyboard.press("q");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("region", { name: "Running", exact: true }).getByText("KSampler").waitFor();
  await server.kill("SIGKILL");
  await page.getByText("The server does not answer.").waitFor();
  // From far away texts are drawn only; near by they can be written in.
  for (let step = 0; step < 2; step++) await page.getByRole("button", { name: "Zoom in" }).click();
  const prompt = page.locator('[data-node="node:root:2"] textarea');
  await prompt.fill("a green leaf");
  await prompt.blur();
  await shot(page, "run-connection-lost");
  await server.restart();
  await page.getByText("The server does not answer.").waitFor({ state: "detached" });
  await page.getByRole("region", { name: "History" }).getByText(name).waitFor({ timeout: 60_000 });
  expect(await prompt.inputValue()).toBe("a green leaf");
  expect(await page.title()).not.toContain("%");
  await page.keyboard.press("t");
  await page.getByRole("table").waitFor();
  expect(await page.getByRole("row").count()).toBe(1 + 7);
  await shot(page, "run-reconnected");
  forgive(page);
  await page.reload();
  await page.getByRole("table").waitFor();
  expect(await page.getByRole("row").count()).toBe(1 + 7);
  expect(complaints(page)).toEqual([]);
});

interface RawNode {
  readonly type: string;
  widgets_values: unknown[];
}

/** The starter workflow with something changed. */
function changed(change: (node: RawNode) => void): string {
  const workflow = JSON.parse(readFileSync(join(WEB, "..", "workflows", "text_to_image.json"), "utf8"));
  for (const node of workflow.nodes) change(node);
  return JSON.stringify(workflow);
}

/** So many steps that there is time to look, or to end the server; no cache knows what comes out. */
const slowWorkflow = (): string =>
  changed((node) => {
    if (node.type !== "KSampler") return;
    node.widgets_values[0] = Math.floor(Math.random() * 2 ** 40);
    node.widgets_values[2] = 120;
  });

test("what keeps a workflow from running is listed with what mends it, and is gone when it is mended", async () => {
  const page = await openPage(server, { theme: "light" });
  await page.locator("[data-node]").first().waitFor();
  const faulty = changed((node) => {
    if (node.type === "CheckpointLoaderSimple") node.widgets_values = ["Starter v2.ckpt"];
    if (node.type === "KSampler") node.widgets_values.splice(2, 1, 50_000);
  });
  await dropFile(page, { name: "faulty.json", bytes: new TextEncoder().encode(faulty) });
  await page.locator("[data-tab][aria-current]", { hasText: "faulty" }).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText("The workflow cannot run yet. Problems: 2").waitFor();
  await page.getByRole("button", { name: "Show", exact: true }).click();
  const list = page.getByRole("list", { name: "Problems: 2" });
  await list.getByRole("button", { name: "KSampler, steps" }).click();
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-node") === "node:root:5");
  await shot(page, "run-problems");
  expect(await axe(page, '[aria-label="Problems"]')).toEqual([]);
  await page.getByRole("button", { name: "Use starter.safetensors" }).click();
  await page.getByRole("button", { name: "Set to 10000" }).click();
  await page.getByText("No problems").waitFor();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("list", { name: "Problems: 2" }).waitFor();
  expect(complaints(page, [/400 POST .*prompt/, /status of 400/])).toEqual([]);
});

test("on a phone, in Chinese, the queue is a sheet with buttons for fingers", async () => {
  const page = await openPage(server, { width: 390, height: 844, touch: true, language: "zh-CN" });
  await page.locator("[data-node]").first().waitFor();
  await page.getByRole("button", { name: "运行", exact: true }).tap();
  await page.getByRole("button", { name: "队列" }).first().tap();
  await page.getByRole("region", { name: "历史" }).waitFor({ timeout: 60_000 });
  await shot(page, "run-phone-queue");
  const small = await page
    .locator('[aria-label="队列"] button')
    .evaluateAll(
      (buttons) =>
        buttons
          .map((button) => button.getBoundingClientRect())
          .filter(({ width, height }) => width < 44 || height < 44).length,
    );
  expect(small).toBe(0);
  expect(await axe(page, '[aria-label="队列"]')).toEqual([]);
  await page
    .getByRole("button", { name: /^查看“/ })
    .first()
    .tap();
  await page.getByRole("dialog").waitFor();
  await shot(page, "run-phone-viewer");
  expect(complaints(page)).toEqual([]);
});

test("jobs that wait are held, moved, cancelled; jobs that are over are run again, opened and forgotten", async () => {
  const page = await openPage(server);
  await page.locator("[data-node]").first().waitFor();
  await page.keyboard.press("q");
  const queue = page.locator('[aria-label="Queue"]');
  const ended = await fetch(`${server.url}/api/jobs?status=completed,failed,cancelled`);
  const { total: earlier } = ((await ended.json()) as { pagination: { total: number } }).pagination;
  await queue.getByRole("button", { name: "Pause the queue" }).click();
  await page.getByLabel("Number of runs").fill("3");
  await page.keyboard.press("Control+Enter");
  const waiting = page.getByRole("region", { name: "Waiting" });
  await waiting.getByRole("listitem").nth(2).waitFor();
  await shot(page, "run-waiting");
  expect(await axe(page, '[aria-label="Queue"]')).toEqual([]);
  const order = async (): Promise<string[]> => {
    const answer = await fetch(`${server.url}/queue`);
    const { queue_pending: items } = (await answer.json()) as { queue_pending: [number, string][] };
    return items.map(([, id]) => id);
  };
  const [first, second, third] = await order();
  await waiting
    .getByRole("button", { name: /to the front/ })
    .nth(2)
    .click();
  await expect.poll(order).toEqual([third, first, second]);
  await waiting
    .getByRole("listitem")
    .nth(0)
    .getByRole("button", { name: /^Cancel/ })
    .focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(order).toEqual([first, third, second]);
  await waiting
    .getByRole("button", { name: /^Cancel/ })
    .nth(1)
    .click();
  await expect.poll(order).toEqual([first, second]);
  await queue.getByRole("button", { name: "Resume the queue" }).click();
  await waiting.waitFor({ state: "detached", timeout: 60_000 });
  const over = page.getByRole("region", { name: "History" });
  const entries = () => over.getByRole("listitem").count();
  const before = earlier + 2;
  await expect.poll(entries, { timeout: 60_000 }).toBe(before);
  const choose = async (name: string) => {
    await over
      .getByRole("button", { name: /^Actions for/ })
      .first()
      .click();
    await page.getByRole("menuitem", { name }).click();
  };
  await choose("Run again");
  await over.getByRole("listitem").nth(before).waitFor({ timeout: 60_000 });
  await choose("Open this workflow");
  await page.getByText("Text to image is open.").waitFor();
  expect(await page.locator("[data-tab]").count()).toBe(2);
  await choose("Delete");
  await shot(page, "run-delete");
  await page.getByRole("button", { name: "Run only" }).click();
  await expect.poll(entries).toBe(before);
  await page.keyboard.press("g");
  await page.locator('[aria-label="Gallery"] li button').first().click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("c");
  await page.getByRole("slider").waitFor();
  await page.waitForTimeout(400);
  await shot(page, "run-compare");
  await page.getByRole("button", { name: "Side by side" }).click();
  await page.mouse.move(300, 450);
  await page.mouse.wheel(0, -300);
  await shot(page, "run-compare-side");
  expect(await axe(page, "[role=dialog]")).toEqual([]);
  await page.getByRole("button", { name: "Use as input" }).click();
  await page.getByText(/is now an input/).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const inputs = await (await fetch(`${server.url}/internal/files/input`)).json();
  expect(inputs).toContainEqual(expect.stringMatching(/^text_to_image_\d+_\.png$/));
  await page.getByRole("searchbox").fill("leaf nowhere");
  await page.getByText("No matches").waitFor();
  await page.getByRole("searchbox").fill("APPLE");
  await page.locator('[aria-label="Gallery"] li button').first().click();
  await page.getByRole("button", { name: "Delete this run" }).click();
  await page.getByRole("button", { name: "Run and pictures" }).click();
  // Runs with the same seed show the same file.
  await page.getByText("Files kept").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(entries).toBe(before - 1);
  expect(complaints(page)).toEqual([]);
});
