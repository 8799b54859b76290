/** Every command there is, in the order of the help sheet. */

import { commands as appView } from "@/app-view/commands";
import { commands as canvas } from "@/canvas/commands";
import { commands as edit } from "@/canvas/edit-commands";
import type { Command } from "@/editor/command";
import { commands as files } from "@/files/commands";
import { commands as run } from "@/run/commands";
import { commands as sweep } from "@/sweep/commands";
import { commands as training } from "@/training/commands";
import { commands as shell } from "./window-commands";

/** Every command, in the order of the help sheet; no id and no key stands twice. */
export const COMMANDS: readonly Command[] = [
  ...run,
  ...edit,
  ...canvas,
  ...files,
  ...sweep,
  ...training,
  ...appView,
  ...shell,
];
