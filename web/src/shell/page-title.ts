/** What the browser's tab says: how far the run is, and which workflow is shown. */

import { activeDocument, useSession } from "@/editor/session";
import { text, useLanguage } from "@/i18n/language";
import { onOverall, overall } from "@/run/overall";
import { onRunsEnd } from "@/run/run-ends";

const NAME = "Latentloom";

/** Return what stands before the workflow: nothing, that it runs, or how far it is. */
function progressOf(done: number | null): string {
  if (done === null) return "";
  const percent = Math.floor(done * 100);
  return percent === 0 ? `[${text("shell.run-started")}] ` : `[${percent}%] `;
}

/** What stands before the title when runs are over that nobody has seen end. */
const SIGNS = { done: "✓ ", failed: "✗ " } as const;

/**
 * Return the title for a workflow of which a part from 0 to 1 is done; null while nothing runs.
 *
 * @param unseen How the last runs ended while the window was hidden; null where they did not.
 */
export function pageTitle(
  workflow: string | undefined,
  done: number | null,
  unseen: keyof typeof SIGNS | null = null,
): string {
  const before = done === null && unseen !== null ? SIGNS[unseen] : progressOf(done);
  return before + (workflow ? `${workflow} - ${NAME}` : NAME);
}

let unseen: keyof typeof SIGNS | null = null;

function show(): void {
  const title = pageTitle(activeDocument()?.title, overall().fraction, unseen);
  if (document.title !== title) document.title = title;
}

/** Keep the title right from now on. */
export function followTitle(): void {
  show();
  onOverall(show);
  useSession.subscribe(show);
  useLanguage.subscribe(show);
  onRunsEnd(({ failed }) => {
    if (document.hidden) unseen = failed ? "failed" : "done";
    show();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) unseen = null;
    show();
  });
}
