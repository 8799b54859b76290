/** The interface in Chinese. */

import type { Texts } from "../language";
import { app } from "./app";
import { canvas } from "./canvas";
import { common } from "./common";
import { document } from "./document";
import { files } from "./files";
import { run } from "./run";
import { shell } from "./shell";
import { training } from "./training";
import { widgets } from "./widgets";

/** Every text in Chinese; loaded when it is asked for. */
export const zh: Texts = {
  ...common,
  ...app,
  ...canvas,
  ...document,
  ...files,
  ...run,
  ...shell,
  ...training,
  ...widgets,
};
