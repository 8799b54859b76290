/** Which browser tests use. */

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
