/** What happens before the editor is shown. */

import { listenToClipboard } from "@/canvas/clipboard-keys";
import { useCatalogue } from "@/catalogue/state";
import { COMMANDS } from "@/commands/all";
import { listenToKeys } from "@/commands/keymap";
import { loadCatalogue } from "@/editor/load-catalogue";
import { loadSettings } from "@/editor/settings";
import { restoreDocuments } from "@/files/restore";
import { startRuns } from "@/run/start-runs";
import { connect } from "@/server/socket";
import { watchTraining } from "@/training/live-runs";
import { followEvents } from "./announcements";
import { followNotices } from "./notices";
import { followTitle } from "./page-title";

/** Bring up everything that the first view needs; throws where the server does not answer. */
export async function start(): Promise<void> {
  await Promise.all([loadSettings(), loadCatalogue(), restoreDocuments()]);
  const { loaded, error } = useCatalogue.getState();
  if (!loaded) throw new Error(error ?? "");
  startRuns();
  watchTraining();
  connect();
  listenToKeys(COMMANDS);
  listenToClipboard();
  followTitle();
  followEvents();
  followNotices();
}

/** Try again what failed; the page is loaded anew where the server answers now. */
export async function startAgain(): Promise<void> {
  await loadCatalogue();
  if (useCatalogue.getState().loaded) location.reload();
}
