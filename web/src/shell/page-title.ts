/** What the browser's tab says: how far the run is, and which workflow is shown. */

import { activeDocument, useSession } from "@/editor/session";
import { text, useLanguage } from "@/i18n/language";
import { onOverall, overall } from "@/run/overall";

const NAME = "Latentloom";

/** Return what stands before the workflow: nothing, that it runs, or how far it is. */
function progressOf(done: number | null): string {
  if (done === null) return "";
  const percent = Math.floor(done * 100);
  return percent === 0 ? `[${text("shell.run-started")}] ` : `[${percent}%] `;
}

/** Return the title for a workflow of which a part from 0 to 1 is done; null while nothing runs. */
export function pageTitle(workflow: string | undefined, done: number | null): string {
  return progressOf(done) + (workflow ? `${workflow} - ${NAME}` : NAME);
}

function show(): void {
  const title = pageTitle(activeDocument()?.title, overall().fraction);
  if (document.title !== title) document.title = title;
}

/** Keep the title right from now on. */
export function followTitle(): void {
  show();
  onOverall(show);
  useSession.subscribe(show);
  useLanguage.subscribe(show);
}
