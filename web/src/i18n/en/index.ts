/** The interface in English: one file for each area, keys `area.what`. */

import { app } from "./app";
import { canvas } from "./canvas";
import { common } from "./common";
import { document } from "./document";
import { files } from "./files";
import { run } from "./run";
import { shell } from "./shell";
import { training } from "./training";
import { widgets } from "./widgets";

/** Every text in English; its keys are those of all languages. */
export const en = {
  ...common,
  ...app,
  ...canvas,
  ...document,
  ...files,
  ...run,
  ...shell,
  ...training,
  ...widgets,
} as const;

/** Names a text of the interface. */
export type TextKey = keyof typeof en;
