// Uses ComfyUI's front end as a person does: opens a template, runs it, sees progress and picture.
// Arguments: browser, server's URL, template's name, folder for screenshots and `report.json`.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [executablePath, url, template, folder] = process.argv.slice(2);
const PATIENCE = 60_000;
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// Collects what the page complains about.
function complaints(page) {
  const told = { errors: [], failed: [] };
  page.on("console", (message) => {
    if (message.type() === "error")
      told.errors.push({ text: message.text(), at: message.location().url });
  });
  page.on("pageerror", (error) => told.errors.push({ text: error.stack ?? String(error), at: "" }));
  page.on("response", (answer) => {
    if (answer.status() >= 400)
      told.failed.push({
        status: answer.status(),
        method: answer.request().method(),
        url: answer.url(),
      });
  });
  page.on("requestfailed", (request) =>
    told.failed.push({
      status: 0,
      method: request.method(),
      url: request.url(),
      why: request.failure()?.errorText,
    }),
  );
  return told;
}

// Notes the events of the run and the titles of the tab in `window.seen`.
function watch() {
  const seen = { events: [], steps: [], titles: [document.title] };
  window.seen = seen;
  const api = window.app.api;
  for (const kind of ["execution_start", "execution_success", "execution_error", "executed"])
    api.addEventListener(kind, () => seen.events.push(kind));
  api.addEventListener("progress", ({ detail }) => seen.steps.push([detail.value, detail.max]));
  new MutationObserver(() => {
    if (seen.titles.at(-1) !== document.title) seen.titles.push(document.title);
  }).observe(document.querySelector("title"), { childList: true, characterData: true, subtree: true });
}

// Returns the pictures that nodes show, as [width, height].
function pictures() {
  const graph = window.app.rootGraph ?? window.app.graph;
  return graph.nodes
    .flatMap((node) => node.imgs ?? [])
    .filter((image) => image.complete && image.naturalWidth > 0)
    .map((image) => [image.naturalWidth, image.naturalHeight]);
}

async function use(page, told) {
  const shot = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
  await page.goto(url, { waitUntil: "load", timeout: PATIENCE });
  await page.waitForFunction(() => window.app?.graph, undefined, { timeout: PATIENCE });
  await page.getByTestId("queue-button").waitFor({ timeout: PATIENCE });
  const version = await page.evaluate(() => window.__COMFYUI_FRONTEND_VERSION__);
  const card = page.getByTestId(`template-workflow-${template}`);
  await card.waitFor({ timeout: PATIENCE });
  await shot("1-templates");
  await card.click();
  await page.waitForFunction(() => (window.app.rootGraph ?? window.app.graph).nodes.length > 0);
  await page.getByTestId("template-workflows-content").waitFor({ state: "hidden" });
  await page.evaluate(watch);
  await shot("2-opened");
  await page.locator("button[data-testid=queue-button], [data-testid=queue-button] button").first().click();
  await page.waitForFunction(() => window.seen.steps.length > 0, undefined, { timeout: PATIENCE });
  await shot("3-running");
  await page.waitForFunction(
    () => window.seen.events.some((kind) => /^execution_(success|error)$/.test(kind)),
    undefined,
    { timeout: PATIENCE },
  );
  await page.waitForFunction(`(${pictures})().length > 0`, undefined, { timeout: PATIENCE });
  await page.waitForTimeout(500); // the canvas draws what has loaded at its next frame
  await shot("4-picture");
  return {
    version,
    ...told,
    ...(await page.evaluate(() => window.seen)),
    pictures: await page.evaluate(pictures),
  };
}

const profile = await mkdtemp(join(tmpdir(), "profile-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  args: FLAGS,
  viewport: { width: 1440, height: 900 },
});
const page = context.pages()[0] ?? (await context.newPage());
const told = complaints(page);
try {
  await writeFile(join(folder, "report.json"), JSON.stringify(await use(page, told), null, 1));
} catch (error) {
  await page.screenshot({ path: join(folder, "failed.png") });
  console.error(error, JSON.stringify(told, null, 1));
  process.exitCode = 1;
} finally {
  await context.close();
  await rm(profile, { recursive: true, force: true });
}
