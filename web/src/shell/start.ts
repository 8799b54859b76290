/** What happens before the editor is shown. */

import { COMMANDS } from "@/commands/all";
import { listenToKeys } from "@/commands/keymap";
import { connect } from "@/server/socket";
import { loadSettings } from "./settings";

/** Bring up everything that the first view needs; throws where the server does not answer. */
export async function start(): Promise<void> {
  void loadSettings();
  connect();
}

/** Commands answer to their keys from now on. */
export const startKeys = (): void => {
  listenToKeys(COMMANDS);
};
