/** Pages of an editor that are measured: a fresh profile each, 1920 x 1080, drawn by software. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { BROWSER_FLAGS } from "../tests/e2e/browser-path";
import type { FrontEnd } from "./front-ends";

/** A page and the line to its browser. */
export interface Measured {
  readonly page: Page;
  readonly session: CDPSession;
}

/** Start the browser. */
export function launched(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: BROWSER_FLAGS });
}

/** Do something with a new page of an editor; nothing is asked for before `act` does. */
export async function withPage<T>(
  browser: Browser,
  front: FrontEnd,
  act: (measured: Measured) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, colorScheme: "dark" });
  try {
    const page = await context.newPage();
    await page.addInitScript(front.install);
    return await act({ page, session: await context.newCDPSession(page) });
  } finally {
    await context.close();
  }
}

/** Write what a page shows to `web/screenshots/bench-<name>.png`. */
export async function photograph(page: Page, name: string): Promise<void> {
  await page.screenshot({
    path: fileURLToPath(new URL(`../screenshots/bench-${name}.png`, import.meta.url)),
  });
}

/** Drop a JSON file on the middle of a page; return when, in milliseconds since the page was asked for. */
export function dropJson(page: Page, path: string): Promise<number> {
  return page.evaluate(
    (text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], "dropped.json", { type: "application/json" }));
      const clientX = innerWidth / 2;
      const clientY = innerHeight / 2;
      const target = document.elementFromPoint(clientX, clientY) ?? document.body;
      const began = performance.now();
      for (const kind of ["dragenter", "dragover", "drop"]) {
        const how = { bubbles: true, cancelable: true, composed: true, dataTransfer, clientX, clientY };
        target.dispatchEvent(new DragEvent(kind, how));
      }
      return began;
    },
    readFileSync(path, "utf8"),
  );
}
