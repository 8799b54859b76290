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

test("one press runs the starter workflow: progress, a live preview, the result on the node, in queue and gallery", async () => {
  const page = await openPage(server);
  await page.getByRole("button", { name: "Run", exact: true }).waitFor();
  await page.keyboard.press("q");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("region", { name: "Running" }).waitFor();
  await page.locator('[aria-label="Queue"] img[alt^="What"]').waitFor();
  await shot(page, "run-sampling");
  await page.getByRole("region", { name: "Over" }).getByText("Done").waitFor();
  await shot(page, "run-done");
  expect(await axe(page, '[aria-label="Queue"]')).toEqual([]);
  await page.keyboard.press("g");
  await page.locator('[aria-label="Gallery"] li button').first().click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("i");
  await page.getByText("Sampler").waitFor();
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
  await dropFile(page, { name: "slow.json", bytes: new TextEncoder().encode(slowWorkflow()) });
  await page.locator("[data-tab][aria-current]", { hasText: "slow" }).waitFor();
  await page.keyboard.press("q");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("region", { name: "Running" }).getByText("KSampler").waitFor();
  await server.kill("SIGKILL");
  await page.getByText("The server does not answer.").waitFor();
  const prompt = page.locator('[data-node="node:root:2"] textarea');
  await prompt.fill("a green leaf");
  await prompt.blur();
  await shot(page, "run-connection-lost");
  await server.restart();
  await page.getByText("The server does not answer.").waitFor({ state: "detached" });
  await page.getByRole("region", { name: "Over" }).getByText("slow").waitFor({ timeout: 60_000 });
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

/** The starter workflow with so many steps that there is time to end the server. */
function slowWorkflow(): string {
  const path = join(WEB, "..", "workflows", "text_to_image.json");
  const workflow = JSON.parse(readFileSync(path, "utf8"));
  for (const node of workflow.nodes) if (node.type === "KSampler") node.widgets_values[2] = 120;
  return JSON.stringify(workflow);
}
