/**
 * What end-to-end tests stand on: a real server beneath a folder of its own, real Chromium pages
 * with an empty profile each, screenshots, and the complaints of pages.
 *
 *     const server = await startServer();                        // in beforeAll; stop() in afterAll
 *     const page = await openPage(server, { width: 390, height: 844, touch: true, theme: "light" });
 *     await shot(page, "phone-empty");                           // web/screenshots/phone-empty.png
 *     expect(await axe(page)).toEqual([]);
 *     expect(complaints(page)).toEqual([]);                      // console errors, failed requests
 *
 * The browser and all pages are closed after the last test of a file. A page that is open when a test
 * fails is kept as `web/screenshots/failed-<its name>-<number>.png`.
 */

import { mkdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, vi } from "vitest";
import { BROWSER_FLAGS, browserPath } from "./browser-path";
import { type Server, startServer, WEB } from "./server";

export { type Server, startServer };

const SCREENSHOTS = join(WEB, "screenshots");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TYPES: Readonly<Record<string, string>> = {
  ".json": "application/json",
  ".png": "image/png",
  ".webp": "image/webp",
  ".jpg": "image/jpeg",
};

/** How a page is looked at. */
export interface PageOptions {
  /** CSS pixels; 1440 and 900 where not given. */
  readonly width?: number;
  readonly height?: number;
  /** A phone or tablet: touch events, coarse pointer, no hover. */
  readonly touch?: boolean;
  /** What the system prefers; dark where not given. */
  readonly theme?: "dark" | "light";
  /** What the browser prefers, such as `zh-CN`; `en-US` where not given. */
  readonly language?: string;
  /** What follows the server's address, such as `?workflow=...`. */
  readonly path?: string;
  /** The system asks for no motion. */
  readonly still?: boolean;
}

let browser: Browser | undefined;
const told = new WeakMap<Page, string[]>();

/** Open the editor in a browser profile of its own and wait until its page has loaded. */
export async function openPage(server: Server, options: PageOptions = {}): Promise<Page> {
  browser ??= await chromium.launch({ executablePath: browserPath(), args: BROWSER_FLAGS });
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    hasTouch: options.touch ?? false,
    isMobile: options.touch ?? false,
    colorScheme: options.theme ?? "dark",
    locale: options.language ?? "en-US",
    reducedMotion: options.still ? "reduce" : "no-preference",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  return openTab(context, server, options.path);
}

/** Open one more page in the profile of another: `openTab(page.context(), server)`. */
export async function openTab(context: BrowserContext, server: Server, path = ""): Promise<Page> {
  const page = await context.newPage();
  listen(page);
  await page.goto(`${server.url}/${path}`, { waitUntil: "load" });
  return page;
}

/**
 * Return what a page complained about since it was opened: errors on its console, uncaught errors, requests
 * that failed or were refused. Lines that match one of `allowed` are left out; say why at each use.
 */
export function complaints(page: Page, allowed: readonly RegExp[] = []): string[] {
  return (told.get(page) ?? []).filter((line) => !allowed.some((pattern) => pattern.test(line)));
}

/** Forget what a page complained about so far, such as while its server was away on purpose. */
export function forgive(page: Page): void {
  told.set(page, []);
}

/** Write what the page shows to `web/screenshots/<name>.png`. */
export async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** Return what axe-core objects to on a page, or within an element of it, one line for each rule that is broken. */
export async function axe(page: Page, within?: string): Promise<string[]> {
  await comeToRest(page);
  const builder = new AxeBuilder({ page }).withTags(RULES).setLegacyMode();
  const { violations } = await (within ? builder.include(within) : builder).analyze();
  const lines = violations.map(async ({ id, help, nodes }) => {
    const scaled =
      id === "target-size"
        ? await scaledOnes(
            page,
            nodes.map(({ target }) => String(target[0])),
          )
        : [];
    const places = nodes
      .filter((_, place) => !scaled[place])
      .map(({ target, failureSummary }) => `${target.join(" ")} (${failureSummary})`);
    return places.length > 0 ? [`${id}: ${help}: ${places.join("; ")}`] : [];
  });
  return (await Promise.all(lines)).flat();
}

/** Wait until nothing moves or fades any more: colours are half of themselves meanwhile. What never ends goes on. */
async function comeToRest(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((one) => one.playState !== "running" || one.effect?.getComputedTiming().endTime === Infinity),
  );
}

/**
 * Tell which elements are controls of nodes that the user made smaller than 100 %: the inspector has the same
 * controls at full size (the exception "equivalent" of WCAG 2.2, 2.5.8). From 100 % on nothing is excepted.
 */
const scaledOnes = (page: Page, selectors: string[]): Promise<boolean[]> =>
  page.evaluate((them) => {
    const zoom = Number(document.querySelector<HTMLElement>("[data-canvas]")?.dataset.zoom);
    return them.map((one) => zoom < 1 && document.querySelector(one)?.closest("[data-node]") != null);
  }, selectors);

/** A file that is dropped: its path, or its content under a name. */
export type Dropped = string | { readonly name: string; readonly bytes: Uint8Array; readonly type?: string };

/** Drop a file onto a page as from a file manager, at (x, y) in CSS pixels, else in the middle. */
export async function dropFile(page: Page, file: Dropped, at?: { x: number; y: number }): Promise<void> {
  const { name, bytes, type } =
    typeof file === "string" ? { name: basename(file), bytes: readFileSync(file), type: undefined } : file;
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  const point = at ?? { x: size.width / 2, y: size.height / 2 };
  const content = Buffer.from(bytes).toString("base64");
  const media = type ?? TYPES[extname(name)] ?? "application/octet-stream";
  await page.evaluate(
    ({ name, media, content, point }) => {
      const decoded = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([decoded], name, { type: media }));
      const target = document.elementFromPoint(point.x, point.y) ?? document.body;
      for (const kind of ["dragenter", "dragover", "drop"]) {
        const how = { bubbles: true, cancelable: true, dataTransfer, clientX: point.x, clientY: point.y };
        target.dispatchEvent(new DragEvent(kind, how));
      }
    },
    { name, media, content, point },
  );
}

function listen(page: Page): void {
  told.set(page, []);
  const note = (line: string): void => {
    told.get(page)?.push(line);
  };
  page.on("console", (message) => {
    // A request that was refused is noted with its method below.
    const refused = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !refused) note(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => note(`uncaught: ${error.stack ?? error}`));
  page.on("response", (answer) => {
    if (answer.status() >= 400) note(`${answer.status()} ${answer.request().method()} ${answer.url()}`);
  });
  page.on("requestfailed", (request) => {
    note(`${request.failure()?.errorText} ${request.method()} ${request.url()}`);
  });
}

const openPages = (): Page[] => (browser?.contexts() ?? []).flatMap((context) => context.pages());

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  const slug = task.name.toLowerCase().replace(/\W+/g, "-").slice(0, 60);
  for (const [number, page] of openPages().entries()) {
    await shot(page, `failed-${slug}-${number}`).catch(() => undefined);
    console.error(`page ${number} at ${page.url()} complained:`, complaints(page));
  }
});

afterAll(async () => {
  await browser?.close();
  browser = undefined;
});

/** Wait until a check no longer throws; slow machines get 20 seconds. */
export const eventually = (check: () => unknown, options: { interval?: number } = {}): Promise<unknown> =>
  vi.waitFor(check, { timeout: 20_000, ...options });
