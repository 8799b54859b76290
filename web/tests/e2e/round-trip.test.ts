import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseExact } from "@/document/exact-json";
import { complaints, dropFile, eventually, openPage, type Server, startServer } from "./harness";

const ROOT = dirname(dirname(dirname(dirname(new URL(import.meta.url).pathname))));
const PACKAGES = join(ROOT, ".venv", "lib");

/** Return the workflows of ComfyUI's template packages that are installed. */
function templates(): string[] {
  const python = readdirSync(PACKAGES)[0] ?? "";
  const folder = join(PACKAGES, python, "site-packages");
  return ["image", "other"].flatMap((part) => {
    const inside = join(folder, `comfyui_workflow_templates_media_${part}`, "templates");
    return readdirSync(inside)
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(inside, name));
  });
}

const content = (path: string) => JSON.stringify(parseExact(readFileSync(path, "utf8")));

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it("opens and saves every template of ComfyUI without a difference, the order of keys included", async () => {
  const paths = templates().filter((path) => content(path).includes('"nodes":['));
  expect(paths.length).toBeGreaterThanOrEqual(75);
  const page = await openPage(server);
  await page.locator("[data-node]").first().waitFor();
  for (const [number, path] of paths.entries()) {
    await dropFile(page, path);
    await eventually(async () => expect(await page.locator("[data-tab]").count()).toBe(2), { interval: 20 });
    await page.keyboard.press("Control+Shift+S");
    const field = page.getByRole("textbox", { name: "Name", exact: true });
    await field.fill(`round/${number}`);
    await field.press("Enter");
    const saved = join(server.base, "user", "default", "workflows", "round", `${number}.json`);
    await eventually(() => expect(existsSync(saved)).toBe(true), { interval: 20 });
    expect(content(saved), path).toBe(content(path));
    await field.waitFor({ state: "detached" });
    await page.keyboard.press("Alt+w");
    await eventually(async () => expect(await page.locator("[data-tab]").count()).toBe(1), { interval: 20 });
  }
  // The pictures that the templates load are not on this server.
  expect(complaints(page, [/\/api\/view\?/])).toEqual([]);
});
