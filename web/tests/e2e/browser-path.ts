/** Which browser tests and measurements use, and how it is started. */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Return the path of Debian's Chromium; throws where there is none. */
export function browserPath(): string {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, "chromium");
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  throw new Error("there is no `chromium` on PATH: `make browser` installs it");
}

/** Options that start it without a screen, a graphics card, or requests of its own. */
export const BROWSER_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
